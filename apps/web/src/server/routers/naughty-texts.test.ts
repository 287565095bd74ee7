import { seededRandom } from "@vpclab/shared/testing/builders";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { standardDatabase } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { vpcEdit } from "../testing/vpc-edit";

/** Kinds of text that programs have stumbled over, after the classes of the Big List of Naughty Strings. */
const TEXTS = [
  // reserved words and things that look like other types
  "undefined", "null", "NULL", "nil", "true", "false", "NaN", "-Infinity", "0", "-1", "1.00", "1e2", "0x7f", "08", "1/0", "--", "\\", "\\\\", "then", "hasOwnProperty", "toString", "__proto__", "constructor",
  "CON", "PRN", "AUX", "NUL", "COM1", "LPT1", "A:", "default", "main", "lo", "all", "eth0", "igw",
  // punctuation and quotes
  ",./;'[]\\-=", "<>?:\"{}|_+", "!@#$%^&*()`~", "'", "\"", "''", "\"\"", "'\"'", "``", "$$",
  // every white space and control that Unicode has
  "\t", "\n", "\r\n", "\u000b", "\u0085", "\u00a0", "\u1680", "\u180e", "\u2000", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\ufeff", "\u0000", "\u001b", "\u007f", "\u0080", "\u00ad", "\ufffe", "\uffff",
  // scripts, directions, combinations, emoji
  "Ω≈ç√∫˜µ≤≥÷", "åß∂ƒ©˙∆˚¬…æ", "ЁЂЃЄЅІЇЈЉЊЋЌЍЎЏ", "٠١٢٣٤٥٦٧٨٩", "ثم نفس سقطت", "בְּרֵאשִׁית", "田中さんにあげて下さい", "表ポあA鷗ŒéＢ逍Üßªąñ丂㐀𠀀", "사회과학원", "Ⱥ", "ⱥ", "ﬀ", "İ", "ı", "ẞ", "ß", "ǅ",
  "\u202a test\u202a", "\u2066test\u2067", "test\u2060test\u202b", "\u200b", "\u200d", "\u200c", "👩‍👩‍👧‍👦", "👾 🙇 💁", "❤️", "1️⃣", "🇺🇸🇷", "\u{e0001}", "\u{1f3fb}", "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮", "e\u0301", "é", "ﷺ", "꧁༺", "(╯°□°）╯︵ ┻━┻",
  // markup, scripts, templates, formats
  "<script>alert(0)</script>", "&lt;script&gt;", "<img src=x onerror=alert(1)>", "\"><svg/onload=alert(1)>", "javascript:alert(1)", "<!--#exec cmd=\"ls\"-->", "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
  "{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "%s%s%s%n", "%d", "%@", "{0}", "%*.*s", "$HOME", "%HOME%", "~", "`touch /tmp/blns`", "$(touch /tmp/blns)", "; touch /tmp/blns;", "|| touch /tmp/blns", "eval(\"puts 1\")",
  "1;DROP TABLE users", "' OR 1=1 -- 1", "\\'; DESCRIBE x; --", "1'1", "../../../etc/passwd%00", "file:///etc/passwd", "http://a/%%30%30", "\r\nSet-Cookie: a=b", "() { :; }; touch /tmp/blns", "=cmd|'/c calc'!A1", "@SUM(1+1)", "+1-1", "-1+1",
  // terminals
  "\u001b[31m", "\u001b]0;title\u0007", "\u001b]52;c;QQ==\u0007", "\u009b31m", "\u0007", "\u0008\u0008",
  // lengths
  "a".repeat(30), "a".repeat(31), "a".repeat(64), "a".repeat(65), "a".repeat(128), "a".repeat(129), "a".repeat(100_000), "🙂".repeat(64), "🙂".repeat(65), "", " ", " a ",
];

/** 200 texts of up to 24 code points from all of Unicode, the same at every run. */
function randomTexts(): string[] {
  const random = seededRandom(11);
  const number = (max: number) => random(new Uint8Array(3)).reduce((sum, byte) => sum * 256 + byte, 0) % max;
  return Array.from({ length: 200 }, () => {
    const points = Array.from({ length: number(24) }, () => number([0x80, 0x800, 0xd800, 0x110000][number(4)] ?? 0x80));
    return String.fromCodePoint(...points.filter((point) => point < 0xd800 || point > 0xdfff));
  });
}

const REFUSALS = ["NAME_GRAMMAR", "NAME_LENGTH", "TEXT_CONTROL"];

describe("any text is refused with a code of texts, or is stored as it came", () => {
  let server: TestServer;
  let client: TestClient;
  let id: string;
  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    client = await server.client();
    ({ id } = await client.topology.create.mutate({ name: "texts", template: "empty" }));
    await client.topology.save.mutate({ id, baseRevision: 1, clientId: "t", commands: [vpcEdit("vpc-00000001", "vpc1", "10.0.0.0/16")] });
  });
  afterAll(() => server.close());

  const codeOf = (error: unknown): string => (error as { data: { code: string } }).data.code;
  const texts = [...new Set([...TEXTS, ...randomTexts()])];

  it("as a description", async () => {
    let revision = 2;
    const outcomes = { stored: 0, refused: 0 };
    for (const description of texts) {
      const commands = [{ op: "update" as const, kind: "security-group" as const, id: "sg-00000001", set: { description } }];
      const answer = await client.topology.save.mutate({ id, baseRevision: revision, clientId: "t", commands }).catch(codeOf);
      const { document, revision: now } = await client.topology.get.query({ id });
      if (typeof answer === "string") {
        outcomes.refused += 1;
        expect([description, REFUSALS.includes(answer), now]).toEqual([description, true, revision]);
      } else {
        outcomes.stored += 1;
        revision += 1;
        expect([document.securityGroups[0]?.description, now]).toEqual([description, revision]);
      }
    }
    expect(outcomes.stored).toBeGreaterThan(80);
    expect(outcomes.refused).toBeGreaterThan(80);
  });

  it("as a topology's name", async () => {
    const made: string[] = [];
    for (const name of texts) {
      const answer = await client.topology.create.mutate({ name, template: "empty" }).catch(codeOf);
      if (typeof answer === "string") expect([name, REFUSALS.includes(answer)]).toEqual([name, true]);
      else made.push(answer.name);
    }
    const plain = texts.filter((text) => /^[a-z][a-z0-9-]{0,29}$/.test(text));
    expect(made).toEqual(plain);
    expect((await client.topology.list.query()).map(({ name }) => name).sort()).toEqual(["texts", ...plain].sort());
  });
});
