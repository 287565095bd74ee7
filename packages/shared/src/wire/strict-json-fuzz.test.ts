import { expect, it } from "vitest";
import { seededRandom } from "../testing/builders";
import { chooserOf } from "../testing/choose";
import { decoderFault, mutateBytes } from "../testing/fuzz-json";
import { decodeStrictJson } from "./strict-json";

const EXECUTIONS = 20_000;
/** Small enough for chance to reach them. */
const LIMITS = { bytesMax: 600, depthMax: 6, valuesMax: 60, stringBytesMax: 100, integersOnly: true };
const DOCUMENTS = [
  "{}", '{"a":1}', '{"v":1,"kind":"apply","aud":"host","desired":{"vpcs":[{"id":"vpc-00000001","name":"v\\u00e9","cidr":"10.0.0.0/16"}],"peerings":[]},"notAfter":1800000000000}',
  '{"a":{"b":[1,-2,true,false,null,"x",{},[]],"c":{"d":"\\"}{][,:\\\\"}},"e":"😀"}', '{"type":"hello","list":[{"a":1,"b":2},{"a":3,"b":4}]}',
].map((text) => new TextEncoder().encode(text));

it(`reads ${EXECUTIONS} changed documents exactly or refuses them, and never throws`, { timeout: 120_000 }, () => {
  const choose = chooserOf(seededRandom(18));
  const ends = new Map<string, number>();
  for (let i = 0; i < EXECUTIONS; i++) {
    const bytes = mutateBytes(choose.of(DOCUMENTS), choose);
    const fault = decoderFault(bytes, LIMITS);
    if (fault !== null) expect.fail(`${fault}: ${String.fromCharCode(...bytes)}`);
    const decoded = decodeStrictJson(bytes, LIMITS);
    const end = decoded.ok ? "accepted" : decoded.error.code;
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  console.info(`strict JSON: ${EXECUTIONS} executions, ${JSON.stringify(Object.fromEntries(ends))}, 0 faults`);
  // Chance finds every way out.
  expect([...ends.keys()].sort()).toEqual(["JSON_DUPKEY", "JSON_LIMIT", "JSON_SYNTAX", "TOO_LARGE", "accepted"]);
});

it.each([
  ['{"a":1,"a":1}', "a key stands twice"], ['{"__proto__":1}', "a key that JavaScript gives a meaning"], ['{"a":[[[[[[1]]]]]]}', "it is beyond the limits"],
])("would notice a decoder that accepts %s", (text, fault) => {
  expect(decoderFault(new TextEncoder().encode(text), LIMITS, () => ({ ok: true, value: JSON.parse(text) as Record<string, unknown> }))).toBe(fault);
});
