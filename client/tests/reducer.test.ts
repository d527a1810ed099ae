// The room's decisions, without a browser: what each event does to the state, and what it asks the page to
// do.

import assert from "node:assert/strict";
import { test } from "node:test";
import { speakable } from "../src/room/presses.ts";
import { reduce } from "../src/room/reducer.ts";
import { REJOINS } from "../src/room/steps.ts";
import { UNSEALED } from "../src/room/secrecy_view.ts";
import { type Event, FIRST, type State, sends } from "../src/room/state.ts";
import {
  announced,
  begun,
  captured,
  chain,
  freeze,
  has,
  inside,
  person,
  press,
  room,
  roomed,
  run,
  said,
  sent,
  start,
  waiting,
  waits,
  welcome,
} from "./stories.ts";

test("a ticket opens the socket, and nothing else happens before the welcome", () => {
  const [state, effects] = run(FIRST, start({ ticket: "T" }));
  assert.equal(state.stage, "connecting");
  assert.deepEqual(effects, [{ do: "connect", entry: { ticket: "T" } }]);
});

test("without a ticket the tab's own token resumes; without both the page says where to start", () => {
  assert.deepEqual(run(FIRST, start({ resume: "R" }))[1], [{ do: "connect", entry: { resume: "R" } }]);
  assert.equal(run(FIRST, start({}))[0].stage, "no_ticket");
});

test("a browser that cannot hold a visit never opens a socket", () => {
  const [state, effects] = run(FIRST, start({ ticket: "T", supported: "mail_app" }));
  assert.equal(state.stage, "unsupported");
  assert.deepEqual(effects, []);
});

test("the welcome is remembered and keeps the screen on", () => {
  const [state, effects] = run(begun(), said("welcome", welcome("lobby")));
  assert.equal(state.stage, "lobby");
  assert.equal(state.visit?.practice, "Harbor Family Practice");
  assert.ok(has(effects, { do: "remember", resume: "resume-1" }));
  assert.ok(has(effects, { do: "wake_lock", on: true }));
});

test("nobody in the lobby makes an offer, sends media or reports devices", () => {
  let [state] = waits();
  for (const event of [
    press({ on: "turn_on" }),
    captured(true, true),
    press({ on: "mic" }),
    { kind: "offer", sdp: "v=0" } as Event,
  ]) {
    const [next, effects] = run(state, event);
    state = next;
    assert.ok(
      !effects.some((effect) => effect.do === "send" || effect.do === "join_media"),
      `${event.kind} stays inside`,
    );
    assert.deepEqual(sends(state), { mic: false, camera: false });
  }
});

test("room snapshots that reach the lobby are ignored", () => {
  const [state] = run(waits()[0], said("room", room([person("h", "host")])));
  assert.deepEqual(state.people, []);
});

test("a change of place in the line is announced, the first place is not", () => {
  const [first, quiet] = run(waits()[0], said("lobby", { position: 3, ahead: 2, expected_wait_min: 9 }));
  assert.deepEqual(quiet, []);
  const [, effects] = run(first, said("lobby", { position: 2, ahead: 1 }));
  assert.deepEqual(announced(effects), ["say-position"]);
});

test("a message from the practice is read out once", () => {
  const message = { position: 1, ahead: 0, said: [{ text: "Late", at: 5 }] };
  const [state, effects] = run(waits()[0], said("lobby", message));
  assert.deepEqual(announced(effects), ["say-message"]);
  assert.deepEqual(run(state, said("lobby", message))[1], []);
});

test("admission rings, opens media and tells what is sent", () => {
  const [ready] = chain(waits()[0], press({ on: "turn_on" }), captured(true, true));
  const [state, effects] = run(ready, said("admitted", {}));
  assert.equal(state.stage, "room");
  assert.ok(has(effects, { do: "chime" }));
  assert.ok(has(effects, { do: "join_media", pause: 0 }));
  assert.ok(has(effects, { do: "send", type: "media", body: { mic: true, camera: true } }));
});

test("being let in while the socket was away rings all the same", () => {
  const [, effects] = run(waits()[0], said("welcome", welcome("room")));
  assert.ok(has(effects, { do: "chime" }));
  assert.ok(has(effects, { do: "join_media", pause: 0 }));
});

test("cameras start only by a press, and a reload brings back what was on", () => {
  const [state, effects] = run(begun(), said("welcome", welcome("room")));
  assert.ok(!effects.some((effect) => effect.do === "capture"));
  assert.equal(state.devices.asked, "not_yet");
  const remembered = start({ resume: "R", remembered: { mic: false, camera: true, source: "devices" } });
  const [, again] = chain(FIRST, remembered, said("welcome", welcome("room")));
  const capture = again.find((effect) => effect.do === "capture");
  assert.ok(capture?.do === "capture" && capture.camera && !capture.mic);
});

test("mute keeps the microphone and says so to the others", () => {
  const [state, effects] = run(inside(), press({ on: "mic" }));
  assert.deepEqual(sends(state), { mic: false, camera: true });
  assert.ok(state.devices.has.mic, "unmuting needs no new question");
  assert.ok(has(effects, { do: "send", type: "media", body: { mic: false, camera: true } }));
  assert.deepEqual(announced(effects), ["say-mic-off"]);
  assert.deepEqual(sends(run(state, press({ on: "mic" }))[0]), { mic: true, camera: true });
});

test("a camera that is off is let go of, and comes back by asking again", () => {
  const [dark, effects] = run(inside(), press({ on: "camera" }));
  assert.ok(has(effects, { do: "stop_camera" }));
  assert.ok(has(effects, { do: "sending", mic: true, camera: false }));
  const [, again] = run(dark, press({ on: "camera" }));
  assert.ok(again.some((effect) => effect.do === "capture" && effect.camera));
});

test("a refused camera leaves the microphone, with advice", () => {
  const [state, effects] = chain(
    roomed(),
    press({ on: "turn_on" }),
    captured(true, false, { camera: "denied" }),
  );
  assert.deepEqual(sends(state), { mic: true, camera: false });
  assert.deepEqual(announced(effects), ["say-some-devices"]);
});

test("with nothing allowed the button comes back", () => {
  const [state, effects] = chain(
    roomed(),
    press({ on: "turn_on" }),
    captured(false, false, { camera: "denied", mic: "denied" }),
  );
  assert.equal(state.devices.asked, "not_yet");
  assert.deepEqual(announced(effects), ["say-no-devices"]);
});

test("the test picture exists only in the demo", () => {
  assert.deepEqual(run(roomed(), press({ on: "picture" }))[1], []);
  const [, effects] = run({ ...roomed(), demo: true }, press({ on: "picture" }));
  assert.ok(effects.some((effect) => effect.do === "capture" && effect.source === "picture"));
});

test("only who holds the door can admit, remove, send back, lock, speak to the lobby or end", () => {
  const acts: Event[] = [
    press({ on: "admit", participant: "w" }),
    press({ on: "remove", participant: "h" }),
    press({ on: "back_to_lobby", participant: "h" }),
    press({ on: "lock", locked: true }),
    press({ on: "say", text: "Hello" }),
    press({ on: "end" }),
  ];
  for (const act of acts)
    assert.deepEqual(sent(run({ ...roomed("patient"), waiting: [waiting("w")] }, act)[1]), []);
  const host = { ...roomed("host"), waiting: [waiting("w")], people: [person("h", "patient")] };
  assert.deepEqual(
    acts.flatMap((act) => sent(run(host, act)[1])),
    ["admit", "remove", "back_to_lobby", "lock", "say", "end"],
  );
});

test("one press admits once, until the server answers", () => {
  const host = { ...roomed("host"), waiting: [waiting("w")] };
  const [state] = run(host, press({ on: "admit", participant: "w" }));
  assert.deepEqual(sent(run(state, press({ on: "admit", participant: "w" }))[1]), []);
  const [after] = run(state, said("queue", { waiting: [waiting("w")] }));
  assert.deepEqual(sent(run(after, press({ on: "admit", participant: "w" }))[1]), ["admit"]);
});

test("nobody is admitted who does not wait, and nobody while the link is down", () => {
  const host = { ...roomed("host"), waiting: [waiting("w")] };
  assert.deepEqual(sent(run(host, press({ on: "admit", participant: "x" }))[1]), []);
  assert.deepEqual(
    sent(run({ ...host, link: "reconnecting" }, press({ on: "admit", participant: "w" }))[1]),
    [],
  );
});

test("the day page's press admits as soon as the person shows up in the queue", () => {
  const [expecting, none] = run(roomed("host"), { kind: "admit_from_day", participant: "w" });
  assert.deepEqual(sent(none), []);
  const [state, effects] = run(expecting, said("queue", { waiting: [waiting("w")] }));
  assert.deepEqual(sent(effects), ["admit"]);
  assert.equal(state.expected, null);
  assert.equal(run(roomed("patient"), { kind: "admit_from_day", participant: "w" })[0].expected, null);
});

test("people who come, leave or lose the connection are announced by the name they signed", () => {
  const unchecked = { check: null, own: null, device: null };
  const me = { leaf: 1, key: "m", name: "Maria", role: "patient", you: true, ...unchecked } as const;
  const osei = { ...me, leaf: 0, key: "o", name: "Dr. Osei", role: "host", you: false } as const;
  const rosa = { ...me, leaf: 2, key: "r", name: "Rosa", role: "interpreter", you: false } as const;
  const sealed = (...members: State["secrecy"]["members"]): Event => ({
    kind: "secrecy",
    secrecy: { ...UNSEALED, stage: "sealed", members },
  });
  const people = [person("me", "patient", true), { ...person("h", "host"), name: "Dr. Osei" }];
  const [two, first] = chain(roomed(), said("room", room(people)), sealed(me, osei));
  assert.deepEqual(announced(first), [], "who was there before is no news");
  const [, came] = run(two, sealed(me, osei, rosa));
  assert.deepEqual(came, [{ do: "announce", key: "say-came", values: { name: "Rosa" } }]);
  const [, went] = run(two, sealed(me));
  assert.deepEqual(went, [{ do: "announce", key: "say-went", values: { name: "Dr. Osei" } }]);
  const away = people.map((one) => (one.you ? one : { ...one, connected: false }));
  assert.deepEqual(announced(run(two, said("room", room(away)))[1]), ["say-away"]);
  const liar = [...people, { ...person("x", "supporter"), name: "Mallory" }];
  assert.deepEqual(announced(run(two, said("room", room(liar)))[1]), [], "the server's word is no news");
});

test("a device other than last time is said once, at once", () => {
  const host = { leaf: 0, key: "o", name: "Dr. Osei", you: false, check: null, own: null };
  const sealed = (device: "new" | "changed"): Event => ({
    kind: "secrecy",
    secrecy: { ...UNSEALED, stage: "sealed", members: [{ ...host, role: "host", device }] },
  });
  const [before] = run(roomed(), sealed("new"));
  const [after, said] = run(before, sealed("changed"));
  assert.deepEqual(announced(said), ["device-is-changed"]);
  assert.deepEqual(announced(run(after, sealed("changed"))[1]), []);
});

test("the language a person chose stays, whatever the practice has noted", () => {
  const [state, effects] = run(roomed(), press({ on: "language", language: "es" }));
  assert.equal(state.language, "es");
  const tells = { do: "send", type: "language", body: { lang: "es" } } as const;
  assert.deepEqual(effects, [{ do: "speak", language: "es" }, tells]);
  const [back, again] = run(state, said("welcome", welcome("room")));
  assert.equal(back.language, "es");
  assert.ok(has(again, tells), "the server forgets it with the socket");
  assert.ok(!has(run(state, said("welcome", { ...welcome("room"), lang: "es" }))[1], tells));
  assert.ok(!has(run(begun(), press({ on: "language", language: "es" }))[1], tells), "nobody listens yet");
});

test("back in the lobby nothing of the room is left", () => {
  const full = {
    ...inside(),
    people: [person("h", "host")],
    waiting: [waiting("w")],
    slots: [{ slot: 0, kind: "video" as const, participant: "h" }],
  };
  const [state, effects] = run(full, said("returned", {}));
  assert.equal(state.stage, "lobby");
  assert.deepEqual([state.people, state.slots, state.waiting, state.since], [[], [], [], null]);
  assert.ok(has(effects, { do: "leave_media" }));
});

for (const [type, stage] of [
  ["removed", "removed"],
  ["left", "left"],
] as const) {
  test(`after "${type}" the camera is off, the token forgotten, and nothing wakes the page again`, () => {
    const [state, effects] = run(inside(), said(type, {}));
    assert.equal(state.stage, stage);
    for (const wanted of ["leave_media", "release", "forget", "disconnect"])
      assert.ok(
        effects.some((effect) => effect.do === wanted),
        wanted,
      );
    assert.deepEqual(run(state, said("admitted", {})), [state, []]);
    assert.deepEqual(run(state, press({ on: "turn_on" })), [state, []]);
  });
}

test("the end shows the way on, but never off this site", () => {
  assert.equal(run(inside(), said("ended", { next: "/g/7/survey", by_phone: false }))[0].next, "/g/7/survey");
  for (const next of ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"]) {
    assert.equal(run(inside(), said("ended", { next, by_phone: false }))[0].next, null);
  }
});

test("leaving tells the group and the server first, and only then closes the socket", () => {
  const [state, effects] = run(inside(), press({ on: "leave" }));
  assert.equal(state.stage, "left");
  assert.equal(effects[0]?.do, "leave");
  assert.ok(!has(effects, { do: "disconnect" }));
});

test("lost media rejoins by itself, with growing pauses, and stops at the bound", () => {
  let state = { ...inside(), health: "good" as State["health"] };
  const pauses: number[] = [];
  for (let round = 0; round < REJOINS; round++) {
    const [next, effects] = run({ ...state, health: "good" }, { kind: "health", health: "lost" });
    const join = effects.find((effect) => effect.do === "join_media");
    assert.ok(join?.do === "join_media");
    pauses.push(join.pause);
    state = next;
  }
  assert.deepEqual(pauses, [0, 500, 1000, 2000, 4000, 8000]);
  const [given, effects] = run({ ...state, health: "joining" }, { kind: "health", health: "lost" });
  assert.equal(given.health, "given_up");
  assert.ok(!effects.some((effect) => effect.do === "join_media"));
  assert.ok(has(run(given, press({ on: "again" }))[1], { do: "join_media", pause: 0 }));
});

test("losing media twice in a row tries twice", () => {
  const [once] = run({ ...inside(), health: "good" }, { kind: "health", health: "lost" });
  const [, effects] = run(once, { kind: "health", health: "lost" });
  assert.ok(effects.some((effect) => effect.do === "join_media"));
});

test("when the server says that our media are gone, we rejoin at once, but only once", () => {
  const me = person("me", "patient", true);
  const [flowing] = run({ ...inside(), health: "good" }, said("room", room([me])));
  const gone = said("room", room([{ ...me, connected: false }]));
  const [state, effects] = run(flowing, gone);
  assert.ok(has(effects, { do: "join_media", pause: 0 }));
  assert.ok(!has(run(state, gone)[1], { do: "join_media", pause: 0 }));
});

test("good media forgets earlier losses", () => {
  const [state] = chain({ ...inside(), rejoins: 3, health: "lost" }, { kind: "health", health: "good" });
  assert.equal(state.rejoins, 0);
});

test("a refused offer is tried again and the reason shown", () => {
  const [state, effects] = run(inside(), {
    kind: "message",
    message: { type: "problem", body: { type: "sdp", title: "No", detail: "" } },
    answers: "offer",
  });
  assert.equal(state.notice?.title, "No");
  assert.ok(effects.some((effect) => effect.do === "join_media"));
});

test("a new socket means a new offer, and nobody is admitted again", () => {
  const [, effects] = run({ ...inside(), link: "reconnecting" }, said("welcome", welcome("room")));
  assert.ok(has(effects, { do: "join_media", pause: 0 }));
  assert.ok(!has(effects, { do: "chime" }));
});

test("a refused way in says why and forgets it", () => {
  const [state, effects] = run(begun(), {
    kind: "message",
    message: { type: "problem", body: { type: "ticket", title: "Used", detail: "Once" } },
    answers: "hello",
  });
  assert.equal(state.stage, "refused");
  assert.ok(has(effects, { do: "forget" }));
  assert.ok(has(effects, { do: "disconnect" }));
});

test("a fault of the server is tried again, a newer tab of the same person is final", () => {
  const tell = (type: string, answers: "hello" | null): Event => ({
    kind: "message",
    message: { type: "problem", body: { type: `urn:alcove:${type}`, title: "", detail: "" } },
    answers,
  });
  assert.deepEqual(run(begun(), tell("try-again", "hello")), [begun(), [{ do: "retry" }]]);
  assert.equal(run(inside(), tell("superseded", null))[0].stage, "refused");
  assert.equal(run(inside(), tell("message-too-fast", null))[0].stage, "room");
});

test("the words of the link are said on the way down and up, once each", () => {
  const [down, first] = run(inside(), { kind: "link", link: "reconnecting" });
  assert.deepEqual(announced(first), ["say-reconnecting"]);
  assert.deepEqual(announced(run(down, { kind: "link", link: "reconnecting" })[1]), []);
  assert.deepEqual(announced(run(down, { kind: "link", link: "open" })[1]), ["say-back"]);
  const [lost] = run(down, { kind: "link", link: "lost" });
  assert.ok(has(run(lost, press({ on: "again" }))[1], { do: "reconnect" }));
});

test("text for the lobby is trimmed and bounded", () => {
  assert.equal(speakable("  five \n minutes  "), "five minutes");
  assert.equal(speakable("   "), null);
  assert.equal(speakable("x".repeat(281)), null);
});

test("the state is never changed in place", () => {
  const frozen = freeze({ ...inside(), waiting: [waiting("w")], people: [person("h", "host")] });
  const events: Event[] = [
    said("room", room([])),
    said("queue", { waiting: [] }),
    said("lobby", { position: 1, ahead: 0 }),
    press({ on: "mic" }),
    press({ on: "camera" }),
    press({ on: "turn" }),
    press({ on: "choose", kind: "mic", id: "m" }),
    { kind: "health", health: "lost" },
    said("ended", { next: "/", by_phone: false }),
  ];
  for (const event of events) reduce(frozen, event);
});
