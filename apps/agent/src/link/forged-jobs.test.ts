import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, describe, expect, it } from "vitest";
import { encodeBase64 } from "@vpclab/shared/wire/base64";
import type { Envelope, PayloadType } from "@vpclab/shared/wire/job";
import { PAYLOAD_TYPE, preAuthEncoding } from "@vpclab/shared/wire/job";
import { ServerMessageSchema } from "@vpclab/shared/wire/messages";
import { decodeStrictJson, ENVELOPE_LIMITS } from "@vpclab/shared/wire/strict-json";
import { AGENT_ID, applyJob, context, NOW, sealed, sealedText, serverKey, SESSION } from "../../test/link/job-fixture";
import { generateSigningKey, signBytes } from "./ed25519";
import { openEnvelope, sealEnvelope } from "./envelope";
import type { VerifyContext } from "./verify-job";
import { verifyJob } from "./verify-job";

let inLoops = 0;
afterAll(({}, file) => console.info(badInputCount("F, G", file, inLoops)));

/** From the bytes of a frame, as the connection hears it; `dropped` ends the connection. */
function codeOfFrame(frame: Uint8Array, change: Partial<VerifyContext> = {}): string {
  const decoded = decodeStrictJson(frame, ENVELOPE_LIMITS);
  if (!decoded.ok) return decoded.error.code;
  const message = ServerMessageSchema.safeParse(decoded.value);
  if (!message.success || message.data.type !== "job") return "SCHEMA";
  const verdict = verifyJob(message.data.envelope, context(change));
  return verdict.ok ? "accepted" : verdict.error.code;
}
const frameOf = (envelope: unknown): Uint8Array => Buffer.from(JSON.stringify({ type: "job", envelope }));

const TEXT = JSON.stringify(applyJob());
const BODY = Buffer.from(TEXT);
const GOOD = sealed(applyJob());
const SIG = Buffer.from(GOOD.signatures[0]!.sig, "base64");
const withSig = (raw: Uint8Array, keyid = serverKey.keyId): unknown => ({ ...GOOD, signatures: [{ keyid, sig: Buffer.from(raw).toString("base64") }] });
const signedOver = (message: Uint8Array): unknown => withSig(signBytes(message, serverKey));
const pae = (text: string): Uint8Array => Buffer.concat([Buffer.from(text), BODY]);
const other = generateSigningKey();
const TYPE = PAYLOAD_TYPE.job;
/** The order of the group (RFC 8032, 5.1). */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const plusOrder = (raw: Buffer): Buffer => {
  let s = L;
  for (let i = 31; i >= 0; i--) s += BigInt(raw[32 + i]!) << BigInt(8 * i);
  return Buffer.concat([raw.subarray(0, 32), Buffer.from(Array.from({ length: 32 }, (_, i) => Number((s >> BigInt(8 * i)) & 255n)))]);
};
const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const ed448 = generateKeyPairSync("ed448").privateKey;
const identity = Buffer.concat([Buffer.from([1]), Buffer.alloc(63)]);
const jwt = [{ alg: "none" }, applyJob()].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");

const FORGED: readonly [id: string, what: string, envelope: unknown, codes: string][] = [
  ["B-G1", "no signatures field", { payloadType: TYPE, payload: GOOD.payload }, "SCHEMA"],
  ["B-G1", "null signatures", { ...GOOD, signatures: null }, "SCHEMA"],
  ["B-G1", "signatures as an object", { ...GOOD, signatures: { 0: GOOD.signatures[0] } }, "SCHEMA"],
  ["B-G1", "an empty list", { ...GOOD, signatures: [] }, "SIG_COUNT"],
  ["B-G1", "the same twice", { ...GOOD, signatures: [GOOD.signatures[0], GOOD.signatures[0]] }, "SIG_COUNT"],
  ["B-G1", "a good one and a bad one", { ...GOOD, signatures: [GOOD.signatures[0], { keyid: "x", sig: "" }] }, "SIG_COUNT"],
  ["B-G1", "a hundred", { ...GOOD, signatures: Array(100).fill(GOOD.signatures[0]) }, "SIG_COUNT JSON_LIMIT"],
  ["B-G1", "an empty signature", withSig(Buffer.alloc(0)), "SIG_INVALID B64"],
  ["B-G1", "a signature without a key id", { ...GOOD, signatures: [{ sig: GOOD.signatures[0]!.sig }] }, "SCHEMA"],
  ["B-G2", "alg none", { ...GOOD, alg: "none" }, "SCHEMA"],
  ["B-G2", "alg HS256 in the signature", { ...GOOD, signatures: [{ ...GOOD.signatures[0], alg: "HS256" }] }, "SCHEMA"],
  ["B-G2", "HMAC with the public key", withSig(createHmac("sha512", Buffer.from(serverKey.text, "base64url")).update(preAuthEncoding(TYPE, BODY)).digest()), "SIG_INVALID"],
  ["B-G2", "a JWT without a signature", `${jwt}.`, "SCHEMA"],
  ["B-G2", "a JWT as payload", { ...GOOD, payload: `${jwt}.` }, "B64"],
  ["B-G2", "a JWS in its JSON form", { payload: GOOD.payload, protected: "eyJhbGciOiJub25lIn0", signature: GOOD.signatures[0]!.sig }, "SCHEMA"],
  ["B-G2", "PASETO", "v4.public.AAAA", "SCHEMA"],
  ["B-G2", "COSE", { ...GOOD, payload: Buffer.from("d28443a10127a0", "hex").toString("base64") }, "SIG_INVALID"],
  ["B-G4", "another's key and its id", sealed(applyJob(), TYPE, other), "KEY_UNKNOWN"],
  ["B-G4", "another's key, our id", { ...sealed(applyJob(), TYPE, other), signatures: [{ ...sealed(applyJob(), TYPE, other).signatures[0], keyid: serverKey.keyId }] }, "SIG_INVALID"],
  ["B-G4", "our key, another's id", withSig(SIG, other.keyId), "KEY_UNKNOWN"],
  ["B-G4", "our key, no id", withSig(SIG, ""), "KEY_UNKNOWN"],
  ["B-G4", "our key, its id in capitals", withSig(SIG, serverKey.keyId.toUpperCase()), "KEY_UNKNOWN"],
  ["B-G4", "our key, the key itself as its id", withSig(SIG, serverKey.text), "KEY_UNKNOWN"],
  ["B-G5", "P-256", withSig(sign("sha256", preAuthEncoding(TYPE, BODY), { key: p256, dsaEncoding: "ieee-p1363" })), "SIG_INVALID"],
  ["B-G5", "RSA", withSig(sign("sha256", preAuthEncoding(TYPE, BODY), rsa)), "SIG_INVALID SCHEMA"],
  ["B-G5", "Ed448", withSig(sign(null, preAuthEncoding(TYPE, BODY), ed448)), "SIG_INVALID SCHEMA"],
  ["B-G5", "63 bytes", withSig(SIG.subarray(0, 63)), "SIG_INVALID"],
  ["B-G5", "65 bytes", withSig(Buffer.concat([SIG, Buffer.alloc(1)])), "SIG_INVALID"],
  ["B-G5", "all zero", withSig(Buffer.alloc(64)), "SIG_INVALID"],
  ["B-G5", "all ones", withSig(Buffer.alloc(64, 0xff)), "SIG_INVALID"],
  ["B-G5", "the point of order one", withSig(identity), "SIG_INVALID"],
  ["B-G5", "R and S the other way round", withSig(Buffer.concat([SIG.subarray(32), SIG.subarray(0, 32)])), "SIG_INVALID"],
  ["B-G5", "S above the order", withSig(plusOrder(SIG)), "SIG_INVALID"],
  ["B-G5", "R of another signature", withSig(Buffer.concat([signBytes(BODY, serverKey).subarray(0, 32), SIG.subarray(32)])), "SIG_INVALID"],
  ["B-G8", "application/json", sealedText(TEXT, "application/json"), "TYPE"],
  ["B-G8", "capitals", sealedText(TEXT, TYPE.toUpperCase()), "TYPE"],
  ["B-G8", "a parameter", sealedText(TEXT, `${TYPE}; charset=utf-8`), "TYPE"],
  ["B-G8", "a space before", sealedText(TEXT, ` ${TYPE}`), "TYPE"],
  ["B-G8", "a zero byte behind", sealedText(TEXT, `${TYPE}\0`), "TYPE"],
  ["B-G8", "the next version", sealedText(TEXT, TYPE.replace("v1", "v2")), "TYPE"],
  ["B-G8", "none", sealedText(TEXT, ""), "TYPE"],
  ["B-G8", "a type of a megabyte", { ...GOOD, payloadType: "a".repeat(700_000) }, "SCHEMA"],
  ["B-G9", "the payload signed as it is", signedOver(BODY), "SIG_INVALID"],
  ["B-G9", "its base64 signed", signedOver(Buffer.from(GOOD.payload)), "SIG_INVALID"],
  ["B-G9", "a length with a zero before", signedOver(pae(`DSSEv1 0${TYPE.length} ${TYPE} ${BODY.length} `)), "SIG_INVALID"],
  ["B-G9", "a body's length with a zero before", signedOver(pae(`DSSEv1 ${TYPE.length} ${TYPE} 0${BODY.length} `)), "SIG_INVALID"],
  ["B-G9", "a length in hexadecimal", signedOver(pae(`DSSEv1 ${TYPE.length.toString(16)} ${TYPE} ${BODY.length} `)), "SIG_INVALID"],
  ["B-G9", "the boundary moved into the type", signedOver(pae(`DSSEv1 ${TYPE.length + 1} ${TYPE} ${BODY.length - 1} `)), "SIG_INVALID"],
  ["B-G9", "without lengths", signedOver(pae(`DSSEv1 ${TYPE} `)), "SIG_INVALID"],
  ["B-G9", "of DSSEv2", signedOver(pae(`DSSEv2 ${TYPE.length} ${TYPE} ${BODY.length} `)), "SIG_INVALID"],
  ["B-G9", "body before type", signedOver(Buffer.from(`DSSEv1 ${BODY.length} ${TEXT} ${TYPE.length} ${TYPE}`)), "SIG_INVALID"],
  ["B-G11", "another agent", sealed(applyJob({ aud: "agent-2" })), "AUD"],
  ["B-G11", "a longer id", sealed(applyJob({ aud: `${AGENT_ID}0` })), "AUD"],
  ["B-G11", "a shorter id", sealed(applyJob({ aud: AGENT_ID.slice(0, -1) })), "AUD"],
  ["B-G11", "no agent", sealed(applyJob({ aud: "" })), "AUD"],
  ["B-G11", "every agent", sealed(applyJob({ aud: "*" })), "AUD"],
  ["B-G11", "a list of agents", sealed({ ...applyJob(), aud: [AGENT_ID] }), "SCHEMA"],
  ["B-G12", "an older connection's nonce", sealed(applyJob({ session: "r".repeat(32) })), "SESSION"],
  ["B-G12", "a nonce of 15 bytes", sealed(applyJob({ session: SESSION.slice(0, 20) })), "SESSION"],
  ["B-G12", "no nonce", sealed({ ...applyJob(), session: undefined }), "SCHEMA"],
  ["B-G12", "a null nonce", sealed({ ...applyJob(), session: null }), "SCHEMA"],
  ["B-G13", "the sequence again", sealed(applyJob({ seq: 0 })), "SCHEMA"],
  ["B-G13", "the sequence ahead", sealed(applyJob({ seq: 2 })), "SEQ"],
  ["B-G13", "the sequence at the end of the integers", sealed(applyJob({ seq: Number.MAX_SAFE_INTEGER })), "SEQ"],
  ["B-G13", "the sequence as text", sealed({ ...applyJob(), seq: "1" }), "SCHEMA"],
  ["B-G14", "ended 6 minutes ago", sealed(applyJob({ notAfter: NOW - 360_000 })), "EXPIRED"],
  ["B-G14", "ended in 1970", sealed(applyJob({ notAfter: 0 })), "EXPIRED"],
  ["B-G14", "ends in 9999", sealed(applyJob({ notAfter: 253_402_300_799_000 })), "EXPIRED"],
  ["B-G14", "ends never", sealed({ ...applyJob(), notAfter: null }), "SCHEMA"],
  ["B-G14", "ends by a date", sealed({ ...applyJob(), notAfter: "2099-01-01" }), "SCHEMA"],
  ["B-G17", "an epoch of zero", sealed(applyJob({ epoch: 0 })), "SCHEMA"],
  ["B-G21", "kind exec", sealed({ ...applyJob(), kind: "exec" }), "KIND"],
  ["B-G21", "kind constructor", sealed({ ...applyJob(), kind: "constructor" }), "KIND"],
  ["B-G21", "no kind", sealed({ ...applyJob(), kind: undefined }), "SCHEMA"],
];

describe("a forged job", () => {
  it.each(FORGED)("%s %s: is refused", (_id, _what, envelope, codes) => expect(codes.split(" ")).toContain(codeOfFrame(frameOf(envelope))));

  it("there are more than sixty of them, and the good one is accepted", () => {
    expect(FORGED.length).toBeGreaterThanOrEqual(60);
    expect(codeOfFrame(frameOf(GOOD))).toBe("accepted");
  });

  it.each([-86_400_000, -3_600_000, 3_600_000, 86_400_000])("a host whose clock is %i ms off refuses by the time, or takes it by the nonce", (offMs) => {
    expect(codeOfFrame(frameOf(GOOD), { nowMs: NOW + offMs })).toBe(offMs > 0 ? "EXPIRED" : "accepted");
  });
});

describe("a signature for one thing is none for another", () => {
  const types = Object.values(PAYLOAD_TYPE);
  const pairs = types.flatMap((from) => types.filter((to) => to !== from).map((to): [PayloadType, PayloadType] => [from, to]));
  it.each(pairs)("%s as %s", (from, to) => {
    const envelope = sealEnvelope(from, { v: 1 }, serverKey);
    expect(openEnvelope(envelope, from, serverKey)).toMatchObject({ ok: true });
    expect(openEnvelope(envelope, to, serverKey)).toMatchObject({ ok: false, error: { code: "TYPE" } });
    expect(openEnvelope({ ...envelope, payloadType: to }, to, serverKey)).toMatchObject({ ok: false, error: { code: "SIG_INVALID" } });
  });
  it("of every ordered pair", () => expect(pairs.length).toBeGreaterThanOrEqual(6));
});

describe("base64 is read in one spelling only", () => {
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  /** The same bytes with bits set that nobody reads (RFC 4648, 3.5). */
  const trailingBits = (text: string): string => {
    const at = text.indexOf("=") - 1;
    return text.slice(0, at) + ALPHABET[ALPHABET.indexOf(text[at]!) | 1]! + text.slice(at + 1);
  };
  const padded = [applyJob({ jobId: "a" }), applyJob({ jobId: "ab" }), applyJob({ jobId: "abc" })].map((job) => sealed(job)).find(({ payload }) => payload.endsWith("="))!;
  const spoilt: [string, (text: string) => string][] = [
    ["a space inside", (text) => `${text.slice(0, 4)} ${text.slice(4)}`], ["a space behind", (text) => `${text} `], ["a line break", (text) => `${text.slice(0, 64)}\n${text.slice(64)}`],
    ["an exclamation mark", (text) => `${text.slice(0, 4)}!${text.slice(4)}`], ["no padding", (text) => text.replace(/=+$/, "")], ["more padding", (text) => `${text}=`], ["padding inside", (text) => `${text.slice(0, 4)}====${text.slice(4)}`],
    ["bits that nobody reads", trailingBits], ["the letters of URLs", (text) => text.replace(/[A-Z]/, "-")], ["a letter of no alphabet", (text) => text.replace(/[A-Z]/, "é")], ["a data URL", (text) => `data:;base64,${text}`],
  ];
  it.each(spoilt)("%s", (_what, spoil) => {
    for (const envelope of [{ ...padded, payload: spoil(padded.payload) }, { ...padded, signatures: [{ ...padded.signatures[0]!, sig: spoil(padded.signatures[0]!.sig) }] }]) {
      expect(["B64", "SCHEMA"]).toContain(codeOfFrame(frameOf(envelope)));
    }
  });
});

describe("a touched frame is refused", () => {
  const frame = Buffer.from(frameOf(sealed(applyJob({ desired: null }))));
  /** White space between the tokens of the frame itself changes nothing of what it says. */
  const sameEnvelope = (bytes: Uint8Array): boolean => {
    const decoded = decodeStrictJson(bytes, ENVELOPE_LIMITS);
    return decoded.ok && JSON.stringify(decoded.value["envelope"]) === JSON.stringify((JSON.parse(frame.toString()) as { envelope: Envelope }).envelope);
  };
  const taken = (touched: readonly Buffer[]): Buffer[] => {
    inLoops += touched.length;
    return touched.filter((bytes) => codeOfFrame(bytes) === "accepted" && !sameEnvelope(bytes));
  };

  it("with any single bit flipped", () => {
    const touched = Array.from({ length: frame.length * 8 }, (_, bit) => {
      const turned = Buffer.from(frame);
      turned[bit >> 3]! ^= 1 << (bit & 7);
      return turned;
    });
    expect(taken(touched)).toEqual([]);
  }, 120_000);

  it("with any byte removed, doubled or another one put in", () => {
    const touched = Array.from(frame).flatMap((byte, at) => [
      Buffer.concat([frame.subarray(0, at), frame.subarray(at + 1)]),
      ...[byte, 0x20, 0x30, 0x41, 0x22, 0x00].map((added) => Buffer.concat([frame.subarray(0, at), Buffer.from([added]), frame.subarray(at)])),
    ]);
    expect(taken(touched)).toEqual([]);
  }, 120_000);

  it("cut off anywhere, or followed by anything", () => {
    const touched = Array.from(frame, (_, at) => frame.subarray(0, at));
    expect(taken(touched)).toEqual([]);
    for (const tail of ["{}", "x", "\0", "]", "}", ",", JSON.stringify({ type: "job" })]) expect(codeOfFrame(Buffer.concat([frame, Buffer.from(tail)]))).toBe("JSON_SYNTAX");
  }, 60_000);
});

/** Texts that two readers could read differently: none is a job, as a frame or as what is signed. */
describe("JSON that can be read in two ways", () => {
  const replaced = (from: string | RegExp, to: string): string => {
    expect(TEXT).toMatch(from);
    return TEXT.replace(from, to);
  };
  const rows: [id: string, what: string, text: () => string, codes: string][] = [
    ["B-F1", "a key twice", () => replaced('"v":1', '"v":1,"v":1'), "JSON_DUPKEY"],
    ["B-F1", "a key and its escaped twin", () => replaced('"v":1', '"v":1,"\\u0076":1'), "JSON_DUPKEY"],
    ["B-F1", "a key twice, deep inside", () => replaced('"userId":', '"userId":"x","userId":'), "JSON_DUPKEY"],
    ["B-F2", "__proto__", () => replaced('"v":1', '"v":1,"__proto__":{}'), "JSON_SYNTAX"],
    ["B-F2", "__proto__ escaped", () => replaced('"v":1', '"v":1,"\\u005f\\u005fproto__":{}'), "JSON_SYNTAX"],
    ["B-F2", "constructor and prototype", () => replaced('"v":1', '"v":1,"constructor":{"prototype":{}}'), "JSON_SYNTAX"],
    ["B-F4", "1e400", () => replaced('"v":1', '"v":1e400'), "JSON_LIMIT"],
    ["B-F4", "above the safe integers", () => replaced('"generation":1', '"generation":9007199254740993'), "JSON_LIMIT"],
    ["B-F4", "minus zero", () => replaced('"revision":3', '"revision":-0'), "JSON_LIMIT"],
    ["B-F4", "1.0", () => replaced('"v":1', '"v":1.0'), "JSON_LIMIT"],
    ["B-F4", "1E0", () => replaced('"v":1', '"v":1E0'), "JSON_LIMIT"],
    ["B-F4", "00", () => replaced('"revision":3', '"revision":00'), "JSON_LIMIT JSON_SYNTAX"],
    ["B-F5", "two documents", () => TEXT + TEXT, "JSON_SYNTAX JSON_DUPKEY"],
    ["B-F5", "a byte order mark", () => `\ufeff${TEXT}`, "JSON_SYNTAX"],
    ["B-F5", "a comment", () => replaced('"v":1', '/* */"v":1'), "JSON_SYNTAX"],
    ["B-F5", "single quotes", () => replaced('"v":1', "'v':1"), "JSON_SYNTAX"],
    ["B-F5", "a comma at the end", () => TEXT.replace(/\}$/, ",}"), "JSON_SYNTAX"],
    ["B-F6", "a list", () => `[${TEXT}]`, "JSON_SYNTAX"],
    ["B-F6", "a text", () => JSON.stringify(TEXT), "JSON_SYNTAX JSON_LIMIT"],
    ["B-F6", "null", () => "null", "JSON_SYNTAX"],
    ["B-F8", "33 deep", () => replaced('"v":1', `"v":1,"x":${"[".repeat(32)}${"]".repeat(32)}`), "JSON_LIMIT"],
    ["B-F8", "100,000 deep", () => replaced('"v":1', `"v":1,"x":${"[".repeat(100_000)}${"]".repeat(100_000)}`), "JSON_LIMIT"],
    ["B-F9", "50,001 values", () => replaced('"v":1', `"v":1,"x":[${"0,".repeat(50_000)}0]`), "JSON_LIMIT"],
    ["B-F9", "a text of 4,097 bytes", () => replaced('"name":"ann"', `"name":"${"x".repeat(4097)}"`), "JSON_LIMIT"],
    ["B-F9", "a key of 129 bytes", () => replaced('"v":1', `"v":1,"${"k".repeat(129)}":1`), "JSON_LIMIT"],
    ["B-F11", "a number as text", () => replaced('"v":1', '"v":"1"'), "SCHEMA"],
    ["B-F11", "a boolean as a number", () => replaced('"reachableFromHost":false', '"reachableFromHost":0'), "SCHEMA"],
    ["B-F11", "a date in place of a time", () => replaced(/"issuedAt":[0-9]+/, '"issuedAt":"2027-01-15"'), "SCHEMA"],
    ["B-F12", "a key in another normal form", () => replaced('"revision"', '"re\u0301vision"'), "SCHEMA"],
    ["B-F12", "a key with another letter that looks alike", () => replaced('"epoch"', '"\u0435poch"'), "SCHEMA"],
  ];
  it.each(rows)("%s %s", (_id, _what, text, codes) => expect(codes.split(" ")).toContain(codeOfFrame(frameOf(sealedText(text())))));

  const encoded: [string, (text: string) => Buffer][] = [
    ["UTF-16", (text) => Buffer.from(text, "utf16le")], ["UTF-32", (text) => Buffer.from(Array.from(text).flatMap((char) => [char.charCodeAt(0), 0, 0, 0]))],
    ["latin-1", (text) => Buffer.from(text.replace("ann", "\u00e9ric"), "latin1")], ["an invalid byte", (text) => Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xff]), Buffer.from("}")])],
    ["surrogates in UTF-8", (text) => Buffer.from(Buffer.from(text).toString("latin1").replace("ann", "\xed\xa0\x80"), "latin1")],
  ];
  it.each(encoded)("B-F7 %s", (_what, encode) => {
    const bytes = encode(TEXT);
    const envelope = { ...GOOD, payload: encodeBase64(bytes), signatures: [{ keyid: serverKey.keyId, sig: encodeBase64(signBytes(preAuthEncoding(TYPE, bytes), serverKey)) }] };
    expect(codeOfFrame(frameOf(envelope))).toBe("JSON_SYNTAX");
    expect(codeOfFrame(encode(Buffer.from(frameOf(GOOD)).toString().replace('"keyid"', '"keyid ann"')))).toMatch(/^JSON_SYNTAX$|^SCHEMA$/);
  });
});
