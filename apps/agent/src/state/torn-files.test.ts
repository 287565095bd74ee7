import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { cidrFrom } from "@vpclab/shared/net/cidr";
import { applyJob, sealed, serverKey, TOPOLOGY_ID } from "../../test/link/job-fixture";
import { HostRecordStore } from "./host-record";
import { readIdentity, writeEnrolment, ensureAgentKey } from "./identity";
import { JobStore } from "./job-store";
import { useLocalRecord, readLocalRecord } from "./local-record";
import { NamespaceLedger } from "./namespace-ledger";
import { PublicAddressStore } from "./public-address-store";
import { SlotStore } from "./slot-store";
import { openStateDir } from "./state-dir";

afterAll(({}, file) => console.info(badInputCount("N", file)));

const POOL = cidrFrom("198.51.100.128/25");
const ELASTIC_IP = "eipalloc-00000001";
const GATEWAY = "igw-00000001";

interface StateFile {
  readonly file: string;
  /** Writes it twice: an older content, then the one that counts. */
  readonly write: (dir: string) => Promise<unknown>;
  /** What a new start knows, as text; throws where it refuses. */
  readonly read: (dir: string) => Promise<unknown>;
}

/** Every file of the agent's state besides the fence (durable-file.test.ts). */
const FILES: readonly StateFile[] = [
  {
    file: `jobs/${TOPOLOGY_ID}.json`,
    write: async (dir) => {
      const jobs = new JobStore(dir);
      await jobs.write(TOPOLOGY_ID, sealed(applyJob({ generation: 1, desired: null })));
      await jobs.write(TOPOLOGY_ID, sealed(applyJob({ generation: 2, desired: null })));
    },
    read: async (dir) => {
      const [found] = await new JobStore(dir).readAll();
      if (!found?.envelope) throw new Error("damaged");
      return found.envelope.payload;
    },
  },
  {
    file: "slots.json",
    write: async (dir) => {
      const slots = await SlotStore.open(dir);
      await slots.take(TOPOLOGY_ID, { own: [GATEWAY], shared: [] });
      await slots.take(TOPOLOGY_ID, { own: [GATEWAY, "igw-00000002"], shared: [] });
    },
    read: async (dir) => (await SlotStore.open(dir)).take(TOPOLOGY_ID, { own: [GATEWAY, "igw-00000002"], shared: [] }),
  },
  {
    file: "public-addresses.json",
    write: async (dir) => {
      const addresses = await PublicAddressStore.open(dir, POOL);
      await addresses.take(TOPOLOGY_ID, ["eipalloc-00000009"]);
      await addresses.take(TOPOLOGY_ID, ["eipalloc-00000009", ELASTIC_IP]);
    },
    read: async (dir) => (await PublicAddressStore.open(dir, POOL)).peek(TOPOLOGY_ID, [ELASTIC_IP]),
  },
  {
    file: "namespaces.json",
    write: async (dir) => {
      const ledger = await NamespaceLedger.open(dir);
      await ledger.add(TOPOLOGY_ID, ["vpc1"]);
      await ledger.add(TOPOLOGY_ID, ["vpc1-public"]);
    },
    read: async (dir) => (await NamespaceLedger.open(dir)).namespacesOf(TOPOLOGY_ID),
  },
  {
    file: "host.json",
    write: async (dir) => (await HostRecordStore.open(dir)).record("eth0", "0"),
    read: async (dir) => (await HostRecordStore.open(dir)).forwardingBefore("eth0"),
  },
  {
    file: "enrolment.json",
    write: async (dir) => {
      await ensureAgentKey(dir);
      for (const agentId of ["earlier", "agent-1"]) await writeEnrolment(dir, { agentId, serverKey: serverKey.text, url: "http://127.0.0.1" });
    },
    read: async (dir) => (await readIdentity(dir))?.agentId,
  },
  {
    file: "local.json",
    write: (dir) => useLocalRecord(dir, { mode: "sandbox", uplink: null, inUse: false }),
    read: (dir) => readLocalRecord(dir),
  },
];

describe.each(FILES)("$file", ({ file, write, read }) => {
  let root: string;
  let dir: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "vpclab-torn-"));
    dir = await openStateDir(join(root, "state"));
    await write(dir);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const known = async (): Promise<string> => read(dir).then((value) => JSON.stringify(value), (error: unknown) => `refused: ${String(error)}`);

  it("says the same, whichever byte of one copy is turned or where it is cut off", async () => {
    const whole = await known();
    expect(whole).not.toMatch(/refused|undefined/);
    const path = join(dir, file);
    const bytes = await readFile(path);
    for (let at = 0; at < bytes.length; at++) {
      const turned = Buffer.from(bytes);
      turned[at]! ^= 1;
      await writeFile(path, turned);
      expect(await known(), `bit turned in byte ${at}`).toBe(whole);
      await writeFile(path, bytes.subarray(0, at));
      expect(await known(), `cut at ${at}`).toBe(whole);
    }
  }, 120_000);

  it("is refused, not begun anew, when both copies are damaged", async () => {
    for (const copy of [file, `${file}.mirror`]) await writeFile(join(dir, copy), "{");
    expect(await known()).toMatch(/refused: .*damaged/);
  });
});
