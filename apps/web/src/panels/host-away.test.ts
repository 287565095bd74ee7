import { describe, expect, it } from "vitest";
import { hostAway } from "./host-away";

const away = { state: "approved", online: false, lastSeenAt: new Date(2026, 10, 30, 14, 5).getTime() } as const;

describe("a host that is away", () => {
  it("says since when, what is applied there, and what becomes of changes", () => {
    expect(hostAway(away, { state: "in-place", revision: 4 })?.long).toMatch(/^offline since .*05.*, revision 4 applied, what you apply now is carried out when it is back$/);
    expect(hostAway(away, { state: "applying", revision: 4 })?.long).toMatch(/, revision 4 applied, your changes are applied when it is back$/);
    expect(hostAway(away, { state: "empty", revision: 0 })?.long).toContain(", nothing applied, ");
  });

  it("names the day, and says when it never came", () => {
    expect(hostAway(away, { state: "in-place", revision: 1 })?.short).toMatch(/^offline since .*30/);
    expect(hostAway({ ...away, lastSeenAt: null }, { state: "empty", revision: 0 })?.short).toBe("offline, never seen");
  });

  it("is not spoken of while it is there, or not let in", () => {
    for (const host of [{ ...away, online: true }, { ...away, state: "revoked" }, { ...away, state: "locked" }] as const) expect(hostAway(host, { state: "in-place", revision: 1 })).toBeNull();
  });
});
