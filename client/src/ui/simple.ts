// Owns whether this browser shows things large and one at a time, as the person chose on a page (R101).

export function isSimple(): boolean {
  return /(?:^|; )__Host-simple=1(?:;|$)/.test(document.cookie);
}
