import { chmodSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { verifyKeyFromText } from "./ed25519";
import { openEnvelope, sealEnvelope } from "./envelope";
import { loadJobKey } from "./job-key";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "vpclab-keys-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));
const path = () => join(directory, "job-key.pem");

describe("the key that signs jobs", () => {
  it("is made once, for this user only, and nothing else is left in its folder", () => {
    const made = loadJobKey(directory);
    expect(loadJobKey(directory).publicKey).toBe(made.publicKey);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(["job-key.pem"]);
  });

  it.each([
    ["others may read", () => chmodSync(path(), 0o640)],
    ["is a link to another file", () => (renameSync(path(), join(directory, "real.pem")), symlinkSync("real.pem", path()))],
    ["is empty", () => writeFileSync(path(), "")],
    ["is no key", () => writeFileSync(path(), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")],
  ])("is refused when the file %s, and not replaced", (_, damage) => {
    loadJobKey(directory);
    damage();
    const before = readdirSync(directory);
    expect(() => loadJobKey(directory)).toThrow();
    expect(readdirSync(directory)).toEqual(before);
  });
});

describe("an envelope", () => {
  const schema = z.strictObject({ n: z.int() });
  const sealed = () => {
    const key = loadJobKey(directory);
    return { key: verifyKeyFromText(key.publicKey), envelope: sealEnvelope(PAYLOAD_TYPE.job, { n: 1 }, key) };
  };

  it("gives back what was signed", () => {
    const { key, envelope } = sealed();
    expect(openEnvelope(envelope, PAYLOAD_TYPE.job, key, schema)).toEqual({ ok: true, value: { n: 1 } });
  });

  it("is worth nothing for any other meaning", () => {
    const { key, envelope } = sealed();
    for (const type of [PAYLOAD_TYPE.agentHello, PAYLOAD_TYPE.serverHello, PAYLOAD_TYPE.enrol]) {
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
