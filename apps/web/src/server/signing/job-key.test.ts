import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, linkSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";
import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { verifyKeyFromText } from "./ed25519";
import { openEnvelope, sealEnvelope } from "./envelope";
import { JobKeys } from "./job-key";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "vpclab-keys-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));
const path = () => join(directory, "job-key.pem");

describe("the key that signs jobs", () => {
  it("is made once, for this user only, and nothing else is left in its folder", () => {
    const made = JobKeys.open(directory).current.key;
    expect(JobKeys.open(directory).current.key.publicKey).toBe(made.publicKey);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(["job-key.pem", "key-sets.json"]);
  });

  const isRoot = process.getuid?.() === 0;
  /** E-7, B-K7. */
  const damages: [string, (file: string) => void, RegExp][] = [
    ["of mode 0640", (file) => chmodSync(file, 0o640), /mode 0600/], ["of mode 0644", (file) => chmodSync(file, 0o644), /mode 0600/],
    ["of mode 0620", (file) => chmodSync(file, 0o620), /mode 0600/],
    ["a symbolic link to a good one", (file) => (renameSync(file, `${file}.real`), symlinkSync(`${file}.real`, file)), /cannot be opened/],
    ["a symbolic link to nothing", (file) => (rmSync(file), symlinkSync(join(directory, "nothing"), file)), /cannot be opened/],
    ["a file with a second name", (file) => linkSync(file, `${file}.link`), /mode 0600/],
    ["a pipe", (file) => (rmSync(file), execFileSync("mkfifo", ["-m", "600", file])), /mode 0600/],
    ["a folder", (file) => (rmSync(file), mkdirSync(file, { mode: 0o700 })), /mode 0600/],
    ...(isRoot ? [["of another user", (file) => chownSync(file, 65_534, 65_534), /mode 0600/] satisfies [string, (file: string) => void, RegExp]] : []),
    ["empty", (file) => writeFileSync(file, ""), /is damaged/], ["cut off", (file) => writeFileSync(file, readFileSync(file).subarray(0, 40)), /is damaged/],
    ["nonsense", (file) => writeFileSync(file, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), /is damaged/],
  ];
  it.each(["job-key.pem", "key-sets.json"].flatMap((name) => damages.map(([what, damage, words]) => [name, what, damage, words] as const)))(
    "is refused when %s is %s, in one line that names it, and nothing is put in its place", (name, _, damage, words) => {
      JobKeys.open(directory);
      damage(join(directory, name));
      const before = readdirSync(directory);
      const refusal = refusalOf();
      expect(refusal.message).toMatch(words);
      expect(refusal.message).toContain(join(directory, name));
      expect(refusal.message).not.toContain("\n");
      expect(readdirSync(directory)).toEqual(before);
    });

  it.each([0o770, 0o707, 0o720, 0o777])("is refused in a folder that others may write to (mode %o), where they could take it away", (mode) => {
    JobKeys.open(directory);
    chmodSync(directory, mode);
    expect(refusalOf()).toMatchObject({ code: "PRIVILEGE", message: expect.stringContaining(`chmod 700 ${directory}`) as string });
  });

  function refusalOf(): AppError {
    try {
      JobKeys.open(directory);
    } catch (error) {
      if (error instanceof AppError) return error;
      throw error;
    }
    throw new Error("it was not refused");
  }
});

describe("a rotation of the key", () => {
  const at = (name: string) => join(directory, name);
  /** The files as they are, for putting them back. */
  const saved = (name: string) => readFileSync(at(name));
  const write = (name: string, content: Buffer) => writeFileSync(at(name), content, { mode: 0o600 });

  it("makes the next version, signed by the key before and by its own, and keeps both documents", () => {
    const keys = JobKeys.open(directory);
    const before = keys.current.key;
    expect(keys.rotate().version).toBe(2);
    expect(keys.current.key.publicKey).not.toBe(before.publicKey);
    expect(keys.newest.signatures.map(({ keyid }) => keyid)).toEqual([before.keyId, keys.current.key.keyId]);
    const again = JobKeys.open(directory);
    expect(again.current).toMatchObject({ version: 2, key: { publicKey: keys.current.key.publicKey } });
    expect([again.after(0).length, again.after(1).length, again.after(2).length]).toEqual([2, 1, 0]);
    expect(readdirSync(directory)).toEqual(["job-key.pem", "key-sets.json"]);
  });

  it("holds or never was, wherever the server is killed", () => {
    const keys = JobKeys.open(directory);
    const [oldKey, oldSets] = [saved("job-key.pem"), saved("key-sets.json")];
    const before = keys.current.key.publicKey;
    const after = keys.rotate().key.publicKey;
    const [newKey, newSets] = [saved("job-key.pem"), saved("key-sets.json")];
    // The key was written and the document not.
    write("job-key.pem", oldKey);
    write("key-sets.json", oldSets);
    write("job-key.next.pem", newKey);
    expect(JobKeys.open(directory).current).toMatchObject({ version: 1, key: { publicKey: before } });
    // The document was written, and the key has not got its name yet.
    write("job-key.pem", oldKey);
    write("key-sets.json", newSets);
    write("job-key.next.pem", newKey);
    expect(JobKeys.open(directory).current).toMatchObject({ version: 2, key: { publicKey: after } });
    expect(readdirSync(directory)).toEqual(["job-key.pem", "key-sets.json"]);
    // Neither: a half of a backup.
    write("job-key.pem", oldKey);
    expect(() => JobKeys.open(directory)).toThrow(/not the one of key set 2/);
  });
});

describe("an envelope", () => {
  const schema = z.strictObject({ n: z.int() });
  const sealed = () => {
    const key = JobKeys.open(directory).current.key;
    return { key: verifyKeyFromText(key.publicKey), envelope: sealEnvelope(PAYLOAD_TYPE.job, { n: 1 }, key) };
  };

  it("gives back what was signed", () => {
    const { key, envelope } = sealed();
    expect(openEnvelope(envelope, PAYLOAD_TYPE.job, key, schema)).toEqual({ ok: true, value: { n: 1 } });
  });

  it("is worth nothing for any other meaning", () => {
    const { key, envelope } = sealed();
    for (const type of [PAYLOAD_TYPE.agentHello, PAYLOAD_TYPE.serverHello, PAYLOAD_TYPE.enrol, PAYLOAD_TYPE.keySet]) {
      expect(openEnvelope(envelope, type, key, schema)).toMatchObject({ ok: false, error: { code: "TYPE" } });
      expect(openEnvelope({ ...envelope, payloadType: type }, type, key, schema)).toMatchObject({ ok: false, error: { code: "SIG_INVALID" } });
    }
  });

  it("is refused after any change of a single character", () => {
    const { key, envelope } = sealed();
    const changed = (text: string, at: number) => text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
    for (let at = 0; at < envelope.payload.length; at++) {
      expect(openEnvelope({ ...envelope, payload: changed(envelope.payload, at) }, PAYLOAD_TYPE.job, key, schema).ok).toBe(false);
    }
    const [signature] = envelope.signatures;
    for (let at = 0; at < (signature?.sig.length ?? 0); at++) {
      const signatures = [{ keyid: signature?.keyid ?? "", sig: changed(signature?.sig ?? "", at) }];
      expect(openEnvelope({ ...envelope, signatures }, PAYLOAD_TYPE.job, key, schema).ok).toBe(false);
    }
  });
});
