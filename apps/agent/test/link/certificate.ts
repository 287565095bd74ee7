import type { KeyObject } from "node:crypto";
import { generateKeyPairSync, sign } from "node:crypto";

/** Makes X.509 certificates (RFC 5280) by hand, so that tests need no other program for them. */
export interface CertificateAuthority {
  readonly name: string;
  readonly key: KeyObject;
  readonly pem: string;
}
export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
}

const DAY_MS = 86_400_000;
const SEQUENCE = 0x30, SET = 0x31, INTEGER = 0x02, BIT_STRING = 0x03, OCTET_STRING = 0x04, UTF8 = 0x0c, UTC_TIME = 0x17, BOOLEAN_TRUE = Buffer.from("0101ff", "hex");
const COMMON_NAME = Buffer.from("0603550403", "hex"), BASIC_CONSTRAINTS = Buffer.from("0603551d13", "hex"), ALTERNATIVE_NAME = Buffer.from("0603551d11", "hex");
const ECDSA_SHA256 = Buffer.from("300a06082a8648ce3d040302", "hex");

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const length = body.length < 0x80 ? [body.length] : body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const nameOf = (text: string): Buffer => der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8, Buffer.from(text)))));
const timeOf = (ms: number): Buffer => der(UTC_TIME, Buffer.from(`${new Date(ms).toISOString().slice(2, 19).replace(/\D/g, "")}Z`));
/** Without an empty line before the end, where the last one is full: then it is no PEM. How long it is depends on the signature. */
const pemOf = (bytes: Buffer): string => `-----BEGIN CERTIFICATE-----\n${bytes.toString("base64").match(/.{1,64}/g)?.join("\n") ?? ""}\n-----END CERTIFICATE-----\n`;
const newKeys = () => generateKeyPairSync("ec", { namedCurve: "P-256" });

let serial = 0;
function certificate(issuer: { name: string; key: KeyObject }, subject: { name: string; publicKey: KeyObject }, extension: Buffer, days: readonly [number, number]): string {
  const [from, until] = days.map((day) => timeOf(Date.now() + day * DAY_MS)) as [Buffer, Buffer];
  const body = der(SEQUENCE,
    der(0xa0, der(INTEGER, Buffer.from([2]))), der(INTEGER, Buffer.from([++serial])), ECDSA_SHA256, nameOf(issuer.name), der(SEQUENCE, from, until),
    nameOf(subject.name), subject.publicKey.export({ type: "spki", format: "der" }), der(0xa3, der(SEQUENCE, extension)));
  return pemOf(der(SEQUENCE, body, ECDSA_SHA256, der(BIT_STRING, Buffer.from([0]), sign("sha256", body, issuer.key))));
}

export function newAuthority(name: string): CertificateAuthority {
  const { privateKey: key, publicKey } = newKeys();
  const isAuthority = der(SEQUENCE, BASIC_CONSTRAINTS, BOOLEAN_TRUE, der(OCTET_STRING, der(SEQUENCE, BOOLEAN_TRUE)));
  return { name, key, pem: certificate({ name, key }, { name, publicKey }, isAuthority, [-1, 1]) };
}

/** Of a server at an IPv4 address. `days`: from and until, counted from now. `authority` null: by itself. */
export function certificateFor(address: string, authority: CertificateAuthority | null, days: readonly [number, number] = [-1, 1]): ServerCertificate {
  const { privateKey, publicKey } = newKeys();
  const names = der(SEQUENCE, ALTERNATIVE_NAME, der(OCTET_STRING, der(SEQUENCE, der(0x87, Buffer.from(address.split(".").map(Number))))));
  const name = `server at ${address}`;
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: certificate(authority ?? { name, key: privateKey }, { name, publicKey }, names, days),
  };
}
