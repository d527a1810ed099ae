// The server writes the answer; what it says must not weaken the sealing. Before an answer is taken (and
// before an offer is sent) it goes through here: constant bit rate and no pauses for Opus, no audio levels in
// the clear, no codec without a rule for its clear prefix.

import type { Codec } from "./prefix.ts";

const ALLOWED: Record<string, string[]> = { audio: ["opus"], video: ["vp8", "vp9", "rtx"] };
/** Loudness by packet says when somebody speaks (RFC 6464, RFC 6465). */
const LEVELS = /^a=extmap:\S+ urn:ietf:params:rtp-hdrext:(ssrc|csrc)-audio-level\b/i;

export function sealedSdp(sdp: string): string {
  const lines = sdp.split(/\r?\n/).filter((line) => line !== "");
  const sections: string[][] = [[]];
  for (const line of lines) {
    if (line.startsWith("m=")) sections.push([]);
    sections.at(-1)?.push(line);
  }
  return `${sections.flatMap(section).join("\r\n")}\r\n`;
}

/** The one codec of pictures that an answer leaves; null where it names none of ours, or several. */
export function pictureCodec(answer: string): Codec | null {
  const parts = answer.split(/\r?\n(?=m=)/).filter((part) => part.startsWith("m=video"));
  const named = new Set(parts.flatMap((part) => [...codecs(part.split(/\r?\n/)).values()]));
  named.delete("rtx");
  const [codec, ...others] = named;
  return others.length === 0 && (codec === "vp8" || codec === "vp9") ? codec : null;
}

function section(lines: string[]): string[] {
  const [first = ""] = lines;
  const allowed = ALLOWED[/^m=(\w+) /.exec(first)?.[1] ?? ""];
  const levelless = lines.filter((line) => !LEVELS.test(line));
  if (!allowed) return levelless;
  const names = codecs(levelless);
  const kept = new Set(
    [...names].filter(([type, name]) => fits(type, name, names, levelless, allowed)).map(([type]) => type),
  );
  // Nothing left means a section that was refused or makes no sense: the browser says so itself.
  if (kept.size === 0) return levelless;
  const opus = [...names].filter(([, name]) => name === "opus").map(([type]) => type);
  return levelless
    .filter((line) => !about(line) || kept.has(about(line) ?? ""))
    .map((line) => (line === first ? mediaLine(first, kept) : line))
    .flatMap((line) => steady(line, opus, levelless));
}

/** Payload type to codec name. */
function codecs(lines: string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of lines) {
    const [, type, name] = /^a=rtpmap:(\d+) ([^/]+)\//.exec(line) ?? [];
    if (type && name) found.set(type, name.toLowerCase());
  }
  return found;
}

function fits(
  type: string,
  name: string,
  names: Map<string, string>,
  lines: string[],
  allowed: string[],
): boolean {
  if (!allowed.includes(name)) return false;
  if (name !== "rtx") return true;
  const repaired = lines
    .map((line) => new RegExp(`^a=fmtp:${type} .*apt=(\\d+)`).exec(line)?.[1])
    .find(Boolean);
  const of = names.get(repaired ?? "");
  return of !== undefined && of !== "rtx" && allowed.includes(of);
}

/** The payload type a line is about; `*` lines are about all. */
function about(line: string): string | null {
  return /^a=(?:rtpmap|fmtp|rtcp-fb):(\d+)[ ]/.exec(line)?.[1] ?? null;
}

function mediaLine(line: string, kept: Set<string>): string {
  const [kind, port, protocol, ...types] = line.split(" ");
  return [kind, port, protocol, ...types.filter((type) => kept.has(type))].join(" ");
}

/** One size of packet, whatever is said or not said. */
function steady(line: string, opus: string[], lines: string[]): string[] {
  const map = /^a=rtpmap:(\d+) /.exec(line)?.[1];
  if (map && opus.includes(map)) {
    const described = lines.some((each) => each.startsWith(`a=fmtp:${map} `));
    return described ? [line] : [line, `a=fmtp:${map} ${STEADY}`];
  }
  const [, type, values] = /^a=fmtp:(\d+) (.*)$/.exec(line) ?? [];
  if (!type || values === undefined || !opus.includes(type)) return [line];
  const others = values.split(";").map((value) => value.trim());
  const kept = others.filter((value) => value !== "" && !/^(cbr|usedtx)=/i.test(value));
  return [`a=fmtp:${type} ${[...kept, STEADY].join(";")}`];
}

const STEADY = "cbr=1;usedtx=0";
