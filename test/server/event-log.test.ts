import { describe, expect, it } from "vitest";
import { EventLog } from "../../lib/server/event-log.js";

describe("the events of a document", () => {
  it("gives a reader exactly what came after the id it names", () => {
    const log = new EventLog<string>("life");
    log.append("a");
    const seen = log.lastId;
    log.append("b");
    log.append("c");
    expect(log.since(seen)?.map(({ event }) => event)).toEqual(["b", "c"]);
    expect(log.since(log.lastId)).toEqual([]);
  });

  it("asks for the whole state when the reader is too far behind, from another life, or makes no sense", () => {
    const log = new EventLog<number>("life", 3);
    const start = log.lastId;
    for (let event = 0; event < 4; event++) log.append(event);
    expect(log.since(start)).toBeUndefined();
    expect(log.since("life-1")?.map(({ event }) => event)).toEqual([1, 2, 3]);
    for (const id of ["other-4", "life-5", "life--1", "life-", "", "life-1e2", "life-99999999999999999999"]) {
      expect(log.since(id), id).toBeUndefined();
    }
  });

  it("tells listeners until they leave", () => {
    const log = new EventLog<string>("life");
    const heard: string[] = [];
    const leave = log.subscribe(({ id, event }) => heard.push(`${id} ${event}`));
    log.append("a");
    leave();
    log.append("b");
    expect(heard).toEqual(["life-1 a"]);
  });
});
