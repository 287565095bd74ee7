import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { ServerOnDisk } from "./testing/server-on-disk";
import { vpcEdit } from "./testing/vpc-edit";
import { failureOf } from "./testing/wire-failure";

const DISK_MIB = 160;
const PAGES_PER_MIB = 256;

let disk: ServerOnDisk;
afterEach(() => disk.remove());
afterAll(({}, file) => console.info(badInputCount("N", file)));

describe("a server that starts on a disk", () => {
  it.each([
    { what: "without any room, beside a database", empty: false, pages: 0, keeps: [] },
    { what: "with room for one of its two key files", empty: false, pages: 1, keeps: ["keys/job-key.pem"] },
    { what: "with room for its keys only", empty: false, pages: 4, keeps: ["keys/job-key.pem", "keys/key-sets.json"] },
    { what: "with room for a quarter of a new database", empty: true, pages: 10 * PAGES_PER_MIB, keeps: ["keys/job-key.pem", "keys/key-sets.json"] },
  ])("$what says so, leaves nothing half made, and starts once there is room", async ({ empty, pages, keeps }) => {
    disk = await ServerOnDisk.make(DISK_MIB, { empty });
    disk.fill(pages);
    await expect(disk.start()).rejects.toThrow(/cannot be written: no space is left on its file system; make room, then do the same again \(ENOSPC\)/);
    expect(disk.files()).toEqual(keeps);
    disk.makeRoom();
    const { client, close } = await disk.signIn(await disk.start());
    expect((await client.topology.create.mutate({ name: "kept", template: "empty" })).id).toBeTruthy();
    await close();
  });

  it("that is read-only says so, and starts once it is writable", async () => {
    disk = await ServerOnDisk.make(DISK_MIB);
    disk.remount("ro");
    await expect(disk.start()).rejects.toThrow(/cannot be written: its file system is read-only; mount it writable, or name another directory \(EROFS\)/);
    expect(disk.files()).toEqual([]);
    disk.remount("rw");
    expect((await disk.start()).event).toBe("ready");
  });
});

describe("a server whose disk becomes full while it runs", () => {
  it("refuses what it cannot keep, shows what it has, keeps both or neither, also killed, and goes on once there is room", async () => {
    disk = await ServerOnDisk.make(DISK_MIB);
    const first = await disk.start();
    const { client, close } = await disk.signIn(first);
    const { id } = await client.topology.create.mutate({ name: "kept", template: "empty" });
    const save = (revision: number) => client.topology.save.mutate({
      id, baseRevision: revision, clientId: "tab", commands: [vpcEdit(`vpc-${String(revision).padStart(8, "0")}`, `vpc${revision}`, `10.${revision % 256}.0.0/16`)],
    });
    disk.fill();
    let revision = 1;
    // Pages that the tables have already take some more.
    let refusal: Awaited<ReturnType<typeof failureOf>> | null = null;
    while (refusal === null) refusal = await save(revision).then(() => (revision += 1, null), (error: unknown) => failureOf(Promise.reject(error)));
    expect(refusal).toMatchObject({ code: "UNAVAILABLE", publicMessage: expect.stringContaining("nothing was changed") });
    expect((await failureOf(client.host.rotateKey.mutate())).code).toBe("UNAVAILABLE");
    const stored = async (from = client) => {
      const { revision: newest, document } = await from.topology.get.query({ id });
      return [newest, document.vpcs.length, (await from.topology.revisions.query({ id })).length];
    };
    expect(await stored()).toEqual([revision, revision - 1, revision]);
    await disk.kill();
    disk.makeRoom();
    await close();

    const again = await disk.signIn(await disk.start());
    expect(await stored(again.client)).toEqual([revision, revision - 1, revision]);
    expect(await again.client.topology.save.mutate({ id, baseRevision: revision, clientId: "tab", commands: [vpcEdit("vpc-0000ffff", "afterwards", "10.200.0.0/16")] })).toEqual({ saved: true, revision: revision + 1 });
    expect((await again.client.audit.verify.mutate()).fault).toBeNull();
    await again.close();
  });

  it("works again without a restart as soon as there is room", async () => {
    disk = await ServerOnDisk.make(DISK_MIB);
    const { client, close } = await disk.signIn(await disk.start());
    disk.fill();
    let made = 0;
    while (await client.topology.create.mutate({ name: `lab${made}`, template: "two-vpc" }).then(() => true, () => false)) made += 1;
    disk.makeRoom();
    expect((await client.topology.create.mutate({ name: "afterwards", template: "two-vpc" })).id).toBeTruthy();
    expect(await client.topology.list.query()).toHaveLength(made + 1);
    await close();
  });
});
