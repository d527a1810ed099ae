// A network in a namespace of its own: program, browser and a filter between them. Run by `onWeakNetwork`, in
// the namespace; prints what the page measured.

import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** `rule` of nftables for packets of UDP on the loopback. Answers the hidden fields of the page. */
export function onWeakNetwork(rule) {
  // Without root a namespace of users gives the right to make one of networks.
  const own = process.getuid() === 0 ? "-n" : "-rn";
  const run = spawnSync("unshare", [own, process.execPath, fileURLToPath(import.meta.url), rule], {
    encoding: "utf8",
    timeout: WITHIN_MS,
  });
  const said = `${run.stdout}${run.stderr}`;
  if (run.status !== 0) throw new Error(`the namespace ended with ${run.status}:\n${said}`);
  return JSON.parse(run.stdout.trim().split("\n").at(-1));
}

/** Presses the button and waits for every check; answers what stands in the hidden fields. */
export async function measured(page) {
  await page.goto("/try");
  await page.locator("alcove-ready button").first().click();
  await page.locator('alcove-ready[data-state="done"]').waitFor({ timeout: 45_000 });
  return page.evaluate(() => Object.fromEntries(new FormData(document.querySelector("form.stack"))));
}

async function inside(rule) {
  const { openBrowser, person } = await import("./browser.mjs");
  const { startDemo, throwAway } = await import("./demo.mjs");
  // A browser looks for a way out that is not the loopback; one end of a pair of cables is enough.
  for (const line of CABLES) execFileSync("ip", line.split(" "));
  const demo = await startDemo();
  const browser = await openBrowser();
  try {
    for (const line of [
      ["add", "table", "inet", "weak"],
      ["add", "chain", "inet", "weak", "out", "{ type filter hook output priority 0; }"],
      ["add", "rule", "inet", "weak", "out", "meta", "l4proto", "udp", ...rule.split(" ")],
    ])
      execFileSync("nft", line);
    const visitor = await person(browser, demo);
    console.log(JSON.stringify(await measured(visitor.page)));
  } finally {
    await browser.close();
    await demo.stop();
    throwAway(demo);
  }
}

const CABLES = [
  "link set lo up",
  "link add near type veth peer name far",
  "addr add 10.77.0.1/24 dev near",
  "link set near up",
  "link set far up",
  "route add default via 10.77.0.2 dev near",
];
const WITHIN_MS = 120_000;

if (process.argv[1] === fileURLToPath(import.meta.url)) await inside(process.argv[2]);
