// Whom somebody in the lobby will see, who else comes, and where they go on with another device.

import assert from "node:assert/strict";
import { test } from "node:test";
import { announced, begun, run, said, waits, welcome } from "./stories.ts";

test("R86 (part: the room's page): whoever comes newly is announced in time, and once", () => {
  const first = { clinician: "Dr. Osei", host: "You will see Dr. Osei, MD.", others: [] };
  const [known, quiet] = run(waits()[0], said("coming", first));
  assert.deepEqual([announced(quiet), known.coming], [[], first]);
  assert.deepEqual(run(known, said("coming", first))[1], []);
  const other = { clinician: "Dr. Hart", host: "You will see Dr. Hart, MD.", others: [] };
  const elena = { name: "Elena Ruiz", part: "Interpreter" };
  const [more, told] = run(known, said("coming", { ...other, others: [elena] }));
  const values = { host: "You will see Dr. Hart, MD.", others: "Elena Ruiz, Interpreter" };
  assert.deepEqual(told, [{ do: "announce", key: "say-coming", values }]);
  assert.equal(more.visit?.clinician, "Dr. Hart", "also where only the name is said");
  assert.deepEqual(announced(run(more, said("coming", other))[1]), ["say-coming-alone"]);
  // In the other language: drawn, and no news.
  const others = [{ ...elena, part: "Intérprete" }];
  const spanish = { clinician: "Dr. Hart", host: "Usted verá a Dr. Hart, MD.", others };
  const [drawn, nothing] = run(more, said("coming", spanish));
  assert.deepEqual([announced(nothing), drawn.coming], [[], spanish]);
});

test("the way to another device is known in the lobby, and only to who has one", () => {
  const elsewhere = "/g/0123456789abcdef/other-device";
  const [state] = run(begun(), said("welcome", { ...welcome("lobby"), elsewhere }));
  assert.equal(state.elsewhere, elsewhere);
  assert.equal(run(state, said("welcome", welcome("lobby")))[0].elsewhere, null);
});
