import { describe, expect, it } from "vitest";
import { isMapped, parseIdMap } from "./id-maps";
import { nodeLaunch, shownNode } from "./node-program";
import { unprivilegedArgs } from "./unprivileged";

const everybody = parseIdMap("         0          0 4294967295\n");
const onlyRoot = parseIdMap("         0       1000          1\n");

describe("giving up rights", () => {
  it("becomes nobody where nobody exists", () => {
    expect(unprivilegedArgs({ uids: everybody, gids: everybody })).toEqual([
      "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "--",
    ]);
  });
  it("keeps the id, and no capability, where only one exists", () => {
    expect(unprivilegedArgs({ uids: onlyRoot, gids: onlyRoot })).toEqual(["--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "--"]);
  });
  it("reads which ids are mapped", () => {
    expect([isMapped(onlyRoot, 0), isMapped(onlyRoot, 1), isMapped(everybody, 65534)]).toEqual([true, false, true]);
  });
});

describe("running one of our scripts", () => {
  it("shows an instance Node where it lies outside of /usr, and nothing where not", () => {
    expect(shownNode("/etc/hostname")).toEqual({ target: "/node", shown: [{ source: "/etc/hostname", target: "/node" }] });
    expect(shownNode("/usr/bin/env")).toEqual({ target: "/usr/bin/env", shown: [] });
  });
  it("hands Node over as a descriptor where its path is closed to others", () => {
    // /proc/self/fd is closed to everybody else, like a Node below /root.
    const closed = nodeLaunch(["x"], `/proc/${process.pid}/fd/../exe`);
    const open = nodeLaunch(["x"], "/bin/sh");
    expect(open).toEqual({ argv: ["/bin/sh", "--max-old-space-size=48", "--input-type=module", "-", "x"], extraFiles: [] });
    expect(closed.argv[0] === "/proc/self/fd/3").toBe(closed.extraFiles.length === 1);
  });
});
