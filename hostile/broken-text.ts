import type { Random } from "../prove/random";

/** Ways in which the text of a valid job is one that two readers could read differently, or that is too much to read. */
const WAYS: readonly ((text: string, random: Random) => string)[] = [
  (text) => text.replace('"aud":', '"aud":"other","aud":'),
  (text) => text.replace('"kind":"apply"', '"kind":"apply","\\u006bind":"probe"'),
  (text) => text.replace('"v":1', '"v":1,"__proto__":{"policy":null}'),
  (text) => text.replace('"v":1', '"v":1,"constructor":{"prototype":{}}'),
  (text) => text.replace('"v":1', '"v":1.0'),
  (text) => text.replace('"seq":', '"seq":0'),
  (text) => text.replace(/"generation":[0-9]+/, '"generation":9007199254740993'),
  (text) => text.replace(/"generation":[0-9]+/, '"generation":1e3'),
  (text) => `${text}{}`,
  (text) => `\ufeff${text}`,
  (text) => text.slice(0, -1),
  (text) => text.replace('"desired":', `"desired":${"[".repeat(5000)}`),
  (text) => text.replace('"topologyName":"', `"topologyName":"${"x".repeat(5000)}`),
  (text) => text.replace('"userId":"u"', `"userId":"u","${"k".repeat(129)}":1`),
  (text) => text.replace('"peerings":[', `"peerings":[${"0,".repeat(50_000)}`),
  (text, random) => {
    const at = random.below(text.length);
    return text.slice(0, at) + String.fromCharCode(random.below(0x100)) + text.slice(at + 1);
  },
  (text, random) => {
    const at = random.below(text.length);
    return text.slice(0, at) + text.slice(at + 1 + random.below(4));
  },
];

export const brokenText = (text: string, random: Random): string => random.pick(WAYS)(text, random);
