import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseIdMap } from "./id-maps";
import { FIRST_WORKLOAD_USER, WORKLOAD_USERS, workloadUser } from "./workload-user";

const maps = (text: string) => ({ uids: parseIdMap(text), gids: parseIdMap(text) });
const everybody = maps("0 0 4294967295\n");
const FIRST_INODE = 0xf0000000;
const inode = fc.integer({ min: FIRST_INODE, max: FIRST_INODE + WORKLOAD_USERS - 1 });

describe("the user of an instance", () => {
  it("is another one for every other namespace, in the reserved range, and always the same", () => {
    fc.assert(fc.property(inode, inode, fc.constantFrom(FIRST_WORKLOAD_USER, 65_536, 3_000_000_000), (one, other, first) => {
      const [user, neighbour] = [workloadUser(one, everybody, first), workloadUser(other, everybody, first)];
      expect(user.own).toBe(true);
      expect(user.id === neighbour.id).toBe(one === other);
      expect(user.id).toBeGreaterThanOrEqual(first);
      expect(user.id).toBeLessThan(first + WORKLOAD_USERS);
    }));
  });
  it("is nobody where the user namespace of the agent has no such users, and the agent's own where it has one", () => {
    expect(workloadUser(FIRST_INODE + 5, maps("0 100000 65536\n"))).toEqual({ id: 65534, own: false });
    expect(workloadUser(FIRST_INODE + 5, maps("0 1000 1\n"))).toEqual({ id: null, own: false });
  });
  it("is none for what is no namespace that was made: the machine's first one, or no namespace at all", () => {
    for (const wrong of [0, FIRST_INODE - 7, FIRST_INODE + WORKLOAD_USERS]) expect(() => workloadUser(wrong, everybody)).toThrow("no inode");
  });
});
