import { describe, expect, it } from "vitest";
import { SMALL_ORDER_KEYS } from "@vpclab/shared/testing/small-order-keys";
import type { Envelope, PayloadType } from "@vpclab/shared/wire/job";
import { EnvelopeSchema, PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import { enrolledStateDir } from "../../test/link/agent-fixture";
import { applyJob, context, sealed, serverKey } from "../../test/link/job-fixture";
import { readIdentity } from "../state/identity";
import { ServerTrust } from "../state/server-trust";
import type { SigningKey } from "./ed25519";
import { generateSigningKey } from "./ed25519";
import { openEnvelope, sealEnvelope } from "./envelope";
import { verifyJob } from "./verify-job";
import { verifyNextKeySet } from "./verify-key-set";

const next = generateSigningKey();
const foreign = generateSigningKey();
const keySet = (version: number, key: SigningKey, ...signers: SigningKey[]): Envelope => sealEnvelope(PAYLOAD_TYPE.keySet, { v: 1, version, jobKey: key.text }, ...signers);
/** This host holds version 3. */
const pinned = { serverKey, keySet: 3 };

/** E-11, B-K9. */
describe("a key set of the server", () => {
  it("is followed when it is the next one, and both keys have signed it", () => {
    expect(verifyNextKeySet(keySet(4, next, serverKey, next), pinned)).toMatchObject({ ok: true, value: { keySet: 4, serverKey: { text: next.text } } });
  });

  const good = keySet(4, next, serverKey, next);
  const [byOld, byNew] = good.signatures;
  it.each<[string, Envelope, string]>([
    ["one version too far on", keySet(5, next, serverKey, next), "EPOCH"], ["of the same version", keySet(3, next, serverKey, next), "EPOCH"], ["of a version before", keySet(2, next, serverKey, next), "EPOCH"],
    ["signed by the new key only", keySet(4, next, next), "SIG_COUNT"], ["signed by the new key twice", keySet(4, next, next, next), "KEY_UNKNOWN"],
    ["signed by the old key only", keySet(4, next, serverKey), "SIG_COUNT"], ["signed by the old key twice", keySet(4, next, serverKey, serverKey), "KEY_UNKNOWN"],
    ["signed by nobody", { ...good, signatures: [] }, "SIG_COUNT"], ["signed the other way round", { ...good, signatures: [byNew!, byOld!] }, "KEY_UNKNOWN"],
    ["signed by three", keySet(4, next, serverKey, next, foreign), "SIG_COUNT"], ["of another server", keySet(4, foreign, foreign, foreign), "KEY_UNKNOWN"],
    ["with the old key's name over another's signature", { ...good, signatures: [{ ...byNew!, keyid: serverKey.keyId }, byNew!] }, "SIG_INVALID"],
    ["with the new key's name over another's signature", { ...good, signatures: [byOld!, { ...byOld!, keyid: next.keyId }] }, "SIG_INVALID"],
    ["whose bytes were changed afterwards", { ...good, payload: keySet(4, foreign, serverKey).payload }, "SIG_INVALID"],
    ...SMALL_ORDER_KEYS.map(([name, { keyId, text, signature }]): [string, Envelope, string] => {
      const byServer = keySet(4, { ...next, text }, serverKey);
      return [`with a key of small order: ${name}`, { ...byServer, signatures: [...byServer.signatures, { keyid: keyId, sig: Buffer.from(signature).toString("base64") }] }, "KEY_UNKNOWN"];
    }),
    ["that goes on with the same key", keySet(4, serverKey, serverKey, serverKey), "KEY_UNKNOWN"],
    ["signed as a job", sealEnvelope(PAYLOAD_TYPE.job, { v: 1, version: 4, jobKey: next.text }, serverKey, next), "TYPE"],
    ["with more in it than it may say", sealEnvelope(PAYLOAD_TYPE.keySet, { v: 1, version: 4, jobKey: next.text, more: 1 }, serverKey, next), "SCHEMA"],
  ])("is refused when it is %s", (_name, envelope, code) => {
    expect(EnvelopeSchema.safeParse(envelope).success).toBe(true);
    const verdict = verifyNextKeySet(envelope, pinned);
    expect(verdict.ok ? "followed" : verdict.error.code).toBe(code);
  });

  it("is on the disk before it holds, and is taken once", async () => {
    const home = await enrolledStateDir();
    const trust = new ServerTrust(home.stateDir, home.identity);
    expect(await trust.follow(keySet(2, next, serverKey, next))).toEqual({ ok: true, value: 2 });
    expect(await readIdentity(home.stateDir)).toMatchObject({ keySet: 2, serverKey: { text: next.text }, earlierKeys: [{ text: serverKey.text }] });
    expect(await trust.follow(keySet(2, next, serverKey, next))).toMatchObject({ ok: false });
    expect(await trust.follow(keySet(3, foreign, next, foreign))).toEqual({ ok: true, value: 3 });
    expect((await readIdentity(home.stateDir))?.earlierKeys.map(({ text }) => text)).toEqual([serverKey.text, next.text]);
    await home.remove();
  });
});

/** B-G16, B-G17, SECURITY 2.2 “fast-forward”. */
describe("the epoch of a job", () => {
  const codeOf = (epoch: number, generation: number, held: number): string => {
    const fence = () => ({ epoch: 1, generation: Number.MAX_SAFE_INTEGER, contentHash: "a".repeat(64), tombstone: false });
    const verdict = verifyJob(sealed(applyJob({ epoch, generation })), context({ epoch: held, fenceOf: fence }));
    return verdict.ok ? "accepted" : verdict.error.code;
  };

  it("is the version of the key set, neither less nor more", () => {
    expect([codeOf(1, 1, 2), codeOf(3, 1, 2), codeOf(4, 1, 2)]).toEqual(["EPOCH", "EPOCH", "EPOCH"]);
  });

  it("goes before the generation: after a rotation the highest number of a lost key is of the past", () => {
    expect(codeOf(1, 7, 1)).toBe("STALE");
    expect(codeOf(2, 7, 2)).toBe("accepted");
  });
});

/** E-13, B-G25. */
describe("a signature made for one meaning", () => {
  const types = Object.entries(PAYLOAD_TYPE) as [string, PayloadType][];
  const pairs = types.flatMap(([made, type]) => types.filter(([wanted]) => wanted !== made).map(([wanted, other]) => [made, wanted, type, other] as const));

  it.each(pairs)("%s is never taken for %s", (_made, _wanted, type, other) => {
    const envelope = sealEnvelope(type, { v: 1 }, serverKey);
    expect(openEnvelope(envelope, type, serverKey).ok).toBe(true);
    expect(openEnvelope(envelope, other, serverKey)).toMatchObject({ ok: false, error: { code: "TYPE" } });
    expect(openEnvelope({ ...envelope, payloadType: other }, other, serverKey)).toMatchObject({ ok: false, error: { code: "SIG_INVALID" } });
  });

  it("are thirty ordered pairs", () => expect(pairs).toHaveLength(30));
});
