// Owns the choice of language and the look-up of a message. Refuses unknown keys (shows the key, so a test
// sees it).

import { type Book, type Values, fill } from "./fluent.ts";

export type Language = "en" | "es";
export type Words = (key: string, values?: Values) => string;

/** The first wanted language that we speak; English otherwise. */
export function pick(...wanted: (string | null | undefined)[]): Language {
  for (const one of wanted) {
    const code = one?.slice(0, 2).toLowerCase();
    if (code === "en" || code === "es") return code;
  }
  return "en";
}

export function wordsOf(books: Record<Language, Book>, language: Language): Words {
  return (key, values = {}) => {
    const message = books[language][key] ?? books.en[key];
    return message ? fill(message, values, language) : key;
  };
}

/**
 * A refusal of the server in the language of the page, which may have changed since: by its code, and in the
 * server's own words where the page does not know it.
 */
export function problemIn(words: Words, { type, title, detail }: Told): { title: string; detail: string } {
  const key = `problem-${type.replace(/^urn:alcove:/, "")}`;
  const ours = words(key);
  return ours === key ? { title, detail } : { title: ours, detail: words(`${key}-detail`) };
}

interface Told {
  type: string;
  title: string;
  detail: string;
}

/** `one | two | few | other`: the form an ordinal takes ("2nd" is `two` in English). */
export function ordinalForm(position: number, language: Language): string {
  return new Intl.PluralRules(language, { type: "ordinal" }).select(position);
}
