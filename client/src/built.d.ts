// What build.mjs makes out of other files and hands to the sources as modules and constants.

declare module "built:words" {
  import type { Book } from "./words/fluent.ts";
  /** Every message of room.ftl, and those of during.ftl as `problem-…`, by language. */
  const book: Record<"en" | "es", Book>;
  export default book;
}

declare module "built:words/ready" {
  import type { Book } from "./words/fluent.ts";
  /** The messages of room.ftl that start with `ready-` or `advice-`. */
  const book: Record<"en" | "es", Book>;
  export default book;
}

declare module "built:icons" {
  /** Lucide icons: name -> list of [tag, attributes]. */
  const icons: Record<string, [string, Record<string, string>][]>;
  export default icons;
}

/** Digest of picture.js, as it stands in an `integrity` attribute. */
declare const PICTURE_INTEGRITY: string;
/** Digest of secrecy.js, likewise. */
declare const SECRECY_INTEGRITY: string;

// Chromium alone has it; the type library does not know it.
interface MediaStreamTrackGenerator extends MediaStreamTrack {
  readonly writable: WritableStream<VideoFrame>;
}
declare var MediaStreamTrackGenerator:
  | { new (init: { kind: "video" }): MediaStreamTrackGenerator }
  | undefined;
