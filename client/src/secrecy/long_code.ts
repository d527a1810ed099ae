// Thirty digits of the epoch authenticator in six groups, for auditors who compare whole groups on paper.

export function longCode(authenticator: Uint8Array): string {
  return Array.from({ length: GROUPS }, (_, group) => {
    const part = authenticator.subarray(group * BYTES, (group + 1) * BYTES);
    const value = part.reduce((sum, byte) => sum * 256 + byte, 0);
    return String(value % 100_000).padStart(5, "0");
  }).join(" ");
}

const GROUPS = 6;
const BYTES = 5;
