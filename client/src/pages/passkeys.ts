// Owns the way between a form and the browser's passkey dialog: asks the server what to ask, puts the answer
// into the form's hidden fields, and lets the form go on its own way. Refuses to keep anything.

type Json = Record<string, unknown>;

export function passkeys(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    const there = typeof PublicKeyCredential === "function";
    const button = form.querySelector("button");
    if (!button) continue;
    if (!there) {
      button.disabled = true;
      tell(form, said(form, "none"));
      continue;
    }
    form.addEventListener("submit", (event) => {
      if (field(form, "answer").value) return;
      event.preventDefault();
      button.disabled = true;
      tell(form, "");
      void run(form).finally(() => (button.disabled = false));
    });
    // Coming back with the back button restores the fields, and an answer counts once.
    window.addEventListener("pageshow", () => (field(form, "answer").value = ""));
  }
}

async function run(form: HTMLFormElement): Promise<void> {
  try {
    const asked = await ask(form);
    const options = asked["publicKey"] as Json;
    const made = "user" in options;
    const credential = made
      ? await navigator.credentials.create({ publicKey: creation(options) })
      : await navigator.credentials.get({ publicKey: request(options) });
    if (!(credential instanceof PublicKeyCredential)) throw new Error("no passkey");
    field(form, "ceremony").value = String(asked["ceremony"]);
    field(form, "answer").value = JSON.stringify(answer(credential));
    form.requestSubmit();
  } catch (error) {
    // The device holds a passkey that the server named as one not to be added to.
    const taken = error instanceof DOMException && error.name === "InvalidStateError";
    tell(form, error instanceof Told ? error.message : said(form, taken ? "taken" : "stopped"));
  }
}

/** What the server wants to be signed. A refusal comes with a sentence for the person. */
async function ask(form: HTMLFormElement): Promise<Json> {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.set(name, value);
  const reply = await fetch(form.dataset["passkey"] ?? "", {
    method: "POST",
    body: fields,
    headers: { accept: "application/json" },
    redirect: "error",
  });
  const answered = (await reply.json()) as Json;
  if (!reply.ok) throw new Told(String(answered["detail"] ?? ""));
  return answered;
}

class Told extends Error {}

function creation(options: Json): PublicKeyCredentialCreationOptions {
  const user = options["user"] as Json;
  return {
    ...options,
    challenge: bytes(options["challenge"]),
    user: { ...user, id: bytes(user["id"]) },
    excludeCredentials: known(options["excludeCredentials"]),
  } as unknown as PublicKeyCredentialCreationOptions;
}

function request(options: Json): PublicKeyCredentialRequestOptions {
  return {
    ...options,
    challenge: bytes(options["challenge"]),
    allowCredentials: known(options["allowCredentials"]),
  } as unknown as PublicKeyCredentialRequestOptions;
}

function known(list: unknown): Json[] {
  return ((list as Json[] | undefined) ?? []).map((one) => ({ ...one, id: bytes(one["id"]) }));
}

/** The spelling of Web Authentication Level 3, section 5.1; older browsers cannot write it themselves. */
function answer(credential: PublicKeyCredential): Json {
  const given = credential.response;
  const response: Json = { clientDataJSON: text(given.clientDataJSON) };
  if (given instanceof AuthenticatorAttestationResponse) {
    response["attestationObject"] = text(given.attestationObject);
    response["transports"] = given.getTransports?.() ?? [];
  } else if (given instanceof AuthenticatorAssertionResponse) {
    response["authenticatorData"] = text(given.authenticatorData);
    response["signature"] = text(given.signature);
    response["userHandle"] = given.userHandle ? text(given.userHandle) : null;
  }
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response };
}

export function bytes(base64url: unknown): Uint8Array<ArrayBuffer> {
  const plain = String(base64url).replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0));
}

export function text(given: ArrayBuffer): string {
  const letters = Array.from(new Uint8Array(given), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function field(form: HTMLFormElement, name: string): HTMLInputElement {
  const found = form.elements.namedItem(name);
  if (!(found instanceof HTMLInputElement)) throw new Error(`the form lacks ${name}`);
  return found;
}

/** The server has put the sentences beside the place where they appear. */
function said(form: HTMLFormElement, which: "none" | "stopped" | "taken"): string {
  return form.querySelector<HTMLElement>("[data-fault]")?.dataset[which] ?? "";
}

function tell(form: HTMLFormElement, sentence: string): void {
  const place = form.querySelector<HTMLElement>("[data-fault]");
  if (!place) return;
  place.textContent = sentence;
  place.hidden = sentence === "";
}
