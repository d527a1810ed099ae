// A network in a namespace of its own: program, browser and a filter between them. Run by `onWeakNetwork`, in
// the namespace; prints what the page measured and said of it, and what the practice has of that.

import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { look } from "./looks.mjs";
import { checkIn, enterLobby, signIn } from "./people.mjs";

/**
 * A patient checks in over it, and waits. `rule` of nftables for packets of UDP on the loopback; `name` where
 * a picture is wanted. Answers the hidden fields of the page, word and advice about the network, the fields
 * as the practice kept them, and the badges at the desk.
 */
export function onWeakNetwork(rule, name = "") {
  // Without root a namespace of users gives the right to make one of networks.
  const own = process.getuid() === 0 ? "-n" : "-rn";
  const run = spawnSync("unshare", [own, process.execPath, fileURLToPath(import.meta.url), rule, name], {
    encoding: "utf8",
    timeout: WITHIN_MS,
  });
  const said = `${run.stdout}${run.stderr}`;
  if (run.status !== 0) throw new Error(`the namespace ended with ${run.status}:\n${said}`);
  return JSON.parse(run.stdout.trim().split("\n").at(-1));
}

/** On the page to try things; answers what stands in the hidden fields. */
export async function measured(page) {
  await page.goto("/try");
  return measureHere(page);
}

/** Presses the button and waits for every check. */
async function measureHere(page) {
  await page.locator("alcove-ready button").first().click();
  await page.locator('alcove-ready[data-state="done"]').waitFor({ timeout: 45_000 });
  return fieldsOf(page);
}

function fieldsOf(page) {
  return page.evaluate(() => Object.fromEntries(new FormData(document.querySelector("form.stack"))));
}

async function inside(rule, name) {
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
    const [patient, desk] = [await person(browser, demo, { phone: true }), await person(browser, demo)];
    const said = await checksIn(patient.page, demo.patient, name);
    console.log(JSON.stringify({ ...said, badges: await badgesAt(desk.page) }));
    for (const one of [patient, desk]) await one.leave();
  } finally {
    await browser.close();
    await demo.stop();
    throwAway(demo);
  }
}

/** The network is measured where the practice asks for it, and the page is looked at again afterwards. */
async function checksIn(page, link, name) {
  const said = {};
  const lobby = await checkIn(page, link, {
    each: async (step) => {
      if (step !== "check-in-readiness") return;
      said.fields = await measureHere(page);
      const row = page.locator('[data-check="network"]');
      said.word = await row.locator(".ready-word:visible").innerText();
      said.advice = (await row.locator(".ready-advice:visible").allInnerTexts()).join();
      if (name) await look(page, name);
    },
  });
  await page.goto(lobby.replace(/lobby$/, "check-in/readiness"));
  said.kept = await fieldsOf(page);
  await page.goto(lobby);
  await enterLobby(page);
  return said;
}

/** Of whoever waits, as the desk reads them. */
async function badgesAt(page) {
  await signIn(page, "desk");
  await page.goto("/day");
  return page.locator("li.person .badges li").allInnerTexts();
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

if (process.argv[1] === fileURLToPath(import.meta.url)) await inside(process.argv[2], process.argv[3]);
