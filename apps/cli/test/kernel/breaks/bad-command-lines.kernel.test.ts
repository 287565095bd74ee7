import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { done, type Ended, run, stateDir, vpcctl } from "../vpcctl";
import { machinePicture, rememberedIn } from "./machine-picture";

const LONG_MS = 400_000;
const folder = mkdtempSync(join(tmpdir(), "vpcctl-bad-lines-"));
/** The longest word that the kernel passes to a program (MAX_ARG_STRLEN). */
const HUGE = "a".repeat(131_000);
const [USAGE, UNREACHABLE, NOT_FOUND, CONFLICT] = [2, 3, 4, 5];

type Row = readonly [args: string | readonly string[], code: number, said: string | RegExp];
const ROWS: readonly Row[] = [
  // Words that are none
  ["frobnicate", USAGE, "unknown command"], ["vcp create x", USAGE, "Did you mean vpc?"], ["vpc creat x", USAGE, "Did you mean create?"], ["lisst", USAGE, "Did you mean list?"],
  ["vpc delet prod", USAGE, "Did you mean delete?"], ["route tabel list", USAGE, "Did you mean table?"], ["aply -f x", USAGE, "Did you mean apply?"], ["VPC list", USAGE, "unknown command"],
  ["vpc create x --cdir 10.9.0.0/16", USAGE, "Did you mean --cidr?"], ["list --jsn", USAGE, "Did you mean --json?"], ["vpc list --", 0, ""], ["vpc create x --topolgy y", USAGE, "Did you mean --topology?"],
  ["subnet create prod/x --typ public", USAGE, "Did you mean --type?"], ["vpc create -z", USAGE, "unknown option"], ["vpc list ---json", USAGE, "unknown option"], ["-zq list", USAGE, "unknown option"],
  // Too little and too much
  [[""], USAGE, "unknown command"], ["vpc create a b c", USAGE, "too many arguments"], ["list extra", USAGE, "too many arguments"], ["test a", USAGE, "missing required argument"], ["test", USAGE, "missing required argument"],
  ["route add", USAGE, "missing required argument"], ["exec", USAGE, "which instance"], ["vpc delete --yes", USAGE, "which one?"], ["vpc show", USAGE, "which one?"], ["subnet create", USAGE, "Which VPC"], ["peer create prod", USAGE, /missing|which|two/],
  ["firewall apply prod/a", USAGE, "--policy"], ["firewall apply", USAGE, /which/], ["firewall apply --policy broken.yaml", USAGE, "which subnet"], ["vpc create x --cidr", USAGE, "argument missing"], ["apply -f", USAGE, "argument missing"], ["-t", USAGE, "argument missing"], ["eip associate spare", USAGE, "missing required argument"],
  ["sg allow prod/default", USAGE, /./], ["nacl remove prod/default", USAGE, /./], ["validate", 0, ""],
  // Values that are none
  [["vpc", "create", ""], USAGE, "NAME_GRAMMAR"], [["vpc", "create", "x", "--cidr", ""], USAGE, "CIDR_SYNTAX"], [["--state", "", "list"], USAGE, "--state"], [["-t", "", "vpc", "create", "x"], USAGE, /NAME|name/], [["apply", "-f", ""], USAGE, /./],
  [["vpc", "create", HUGE], USAGE, "NAME_LENGTH"], [["vpc", "create", "x", "--cidr", HUGE], USAGE, "CIDR_SYNTAX"], [[HUGE], USAGE, "unknown command"], [["list", `--${HUGE}`], USAGE, "unknown option"], [["apply", "-f", HUGE], USAGE, /too long|Cannot read/],
  [["-t", HUGE, "list"], 0, ""], [["vpc", "show", HUGE], NOT_FOUND, "NOT_FOUND"], [["test", HUGE, "internet"], NOT_FOUND, "NOT_FOUND"],
  ["vpc create x --mode cloud", USAGE, "Allowed choices"], ["list --local --server http://x", USAGE, "cannot be used with"], [["list", "--local", "--uplink", "eth0; reboot"], USAGE, "no name of an interface"], ["logs --last 0", USAGE, "whole number"], ["logs --last many", USAGE, "whole number"],
  ["logs --last 1e9", USAGE, "whole number"], ["watch --count -1", USAGE, /./], ["subnet set prod/a --type semi", USAGE, "Allowed choices"], ["vpc set prod --dns maybe", USAGE, /on|off/], ["instance create prod/a/x --web-server 99999", USAGE, /PORT|65535/],
  ["instance create prod/a/x --web-server ssh", USAGE, /./], ["deploy webserver prod/a --port 0", USAGE, /./], ["sg allow prod/default --tcp 80 --from nowhere", NOT_FOUND, /./], ["sg allow prod/default --tcp 99-1 --from 0.0.0.0/0", USAGE, /PORT/], ["sg allow prod/default --tcp http --from 0.0.0.0/0", USAGE, /./],
  ["nacl allow prod/default --tcp 80 --from 0.0.0.0/0 --number 99999", USAGE, /./], ["route add 10.5.0.0/16 --table prod/main --via nothing", NOT_FOUND, /./], ["route add abc --table prod/main --via prod/a/main", USAGE, "CIDR_SYNTAX"], ["route add 10.0.0.0/17 --table prod/main --via prod/a/main", USAGE, /ROUTE/], ["route add 10.0.0.0/18 --table prod/main --via main", NOT_FOUND, "there is prod/a/main"],
  ["instance create prod/a/x --address 10.0.1.1", USAGE, "ADDR_RESERVED"], ["instance create prod/a/x --address 10.0.2.9", USAGE, "ADDR_OUTSIDE_SUBNET"], ["instance create prod/a/x --address 010.0.1.9", USAGE, /ADDR_SYNTAX/], ["instance create prod/a/x --address 10.0.1.2", USAGE, "ADDR_TAKEN"],
  ["--server ftp://x list", USAGE, /./], ["--server http://127.0.0.1:1 list", UNREACHABLE, /HOST_OFFLINE|UNAUTHENTICATED|not/], ["completion tcsh", USAGE, "bash, zsh, fish"], ["test prod-a internet --expect perhaps", USAGE, /./], ["config set nothing on", NOT_FOUND, "there is addressing"],
  // What is not there, or there already
  ["vpc show none", NOT_FOUND, "There is no VPC"], ["vpc delete none --yes", NOT_FOUND, "NOT_FOUND"], ["subnet show prod/none", NOT_FOUND, "NOT_FOUND"], ["exec none -- true", NOT_FOUND, "NOT_FOUND"], ["-t nothing apply", NOT_FOUND, "NOT_FOUND"], ["-t nothing teardown --yes", NOT_FOUND, "NOT_FOUND"],
  ["logs --script nothing", NOT_FOUND, "NOT_FOUND"], ["peer create prod prod", USAGE, "PEER_SELF"], ["vpc create prod --cidr 10.8.0.0/16", CONFLICT, "CONFLICT"], ["subnet create prod/a --cidr 10.0.9.0/24", CONFLICT, "CONFLICT"], ["vpc set prod --rename dev", CONFLICT, "NAME_TAKEN"],
  ["subnet delete prod/b --yes", NOT_FOUND, /Did you mean|There is no/], ["purge", USAGE, "--yes"], ["teardown", USAGE, "--yes"],
  // Files
  ["apply -f missing.yaml", USAGE, "there is no such file"], ["apply -f .", USAGE, "directory"], ["apply -f fifo", USAGE, "no regular file"], ["apply -f /dev/zero", USAGE, "no regular file"], ["apply -f huge.yaml", USAGE, "TOO_LARGE"], ["apply -f zeros.yaml", USAGE, "zero bytes"],
  ["apply -f latin.yaml", USAGE, "UTF-8"], ["apply -f empty.yaml", USAGE, /empty\.yaml:\d+:\d+: .*empty/], ["apply -f loop.yaml", USAGE, "circle"], ["apply -f broken.yaml", USAGE, /broken\.yaml:\d+:\d+: /], ["apply -f bomb.yaml", USAGE, /bomb\.yaml:\d+:\d+: /], ["apply -f words.json", USAGE, /words\.json:\d+:\d+: /],
  ["apply -f unknown.yaml", USAGE, /unknown\.yaml:3:\d+: /], ["validate -f broken.yaml", USAGE, /broken\.yaml:\d+:\d+: /], ["validate -f empty.yaml", USAGE, "empty"], ["plan -f broken.yaml", USAGE, /broken\.yaml:\d+:\d+: /], ["diff -f broken.yaml", USAGE, /broken\.yaml:\d+:\d+: /],
  ["firewall apply prod/a --policy fifo", USAGE, "no regular file"], ["--policy missing.json list", USAGE, "policy missing.json"], ["--policy broken.yaml list", USAGE, "policy broken.yaml"], ["--state words.json list", UNREACHABLE, "not a directory"], ["export /nowhere/x.yaml", /* no such folder */ USAGE, /./],
];

beforeAll(async () => {
  const write = (name: string, content: string | Buffer) => writeFileSync(join(folder, name), content);
  write("huge.yaml", "# ".padEnd(2 ** 21, "x"));
  write("zeros.yaml", "vpcs:\n  a\0: {}\n");
  write("latin.yaml", Buffer.from([0x6e, 0x61, 0x6d, 0x65, 0x3a, 0x20, 0xe4, 0x0a]));
  write("empty.yaml", "");
  write("broken.yaml", "name: default\nvpcs:\n  prod: {cidr: [\n");
  write("bomb.yaml", `a: &a [x,x,x,x,x,x,x,x,x]\n${[..."bcdefgh"].map((name, i) => `${name}: &${name} [${Array(9).fill(`*${"abcdefg"[i]}`).join(",")}]`).join("\n")}\n`);
  write("words.json", "[1, 2, three]");
  write("unknown.yaml", "name: default\nvpcs:\n  prod: {cidrr: 10.0.0.0/16}\n");
  await run("sh", ["-ec", "mkfifo fifo; ln -s loop.yaml loop.yaml"], { cwd: folder });
  for (const line of ["vpc create prod --cidr 10.0.0.0/16", "vpc create dev --cidr 10.1.0.0/16", "subnet create prod/a --cidr 10.0.1.0/24", "eip create spare"]) await done(line);
}, LONG_MS);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await vpcctl("purge --all --yes");
}, LONG_MS);

const cut = (args: Row[0]): string => String(args).slice(0, 60);

describe("a command line that is wrong", () => {
  it(`of ${ROWS.length} kinds: ends as promised, prints no result and no stack, one line says what is wrong with a code, and nothing is changed`, async () => {
    expect(ROWS.length).toBeGreaterThanOrEqual(80);
    const before = [await machinePicture(), rememberedIn(stateDir), rememberedIn(folder)];
    const wrong = (await inTurns(ROWS, 3, async ([args, code, said]) => problemsOf(await vpcctl(args, { cwd: folder }), args, { code, said }))).flat();
    expect(wrong).toEqual([]);
    expect([await machinePicture(), rememberedIn(stateDir), rememberedIn(folder)]).toEqual(before);
  }, LONG_MS);

  it("with --json: standard output stays empty, and the last line of standard error is one JSON value with code and message", async () => {
    const rows = ROWS.filter(([, code], i) => code !== 0 && i % 4 === 0);
    const wrong = (await inTurns(rows, 3, async ([args]) => {
      const { code, stdout, stderr } = await vpcctl(["--json", ...(typeof args === "string" ? args.split(" ") : args)], { cwd: folder });
      const { error } = JSON.parse(stderr.trimEnd().split("\n").at(-1) ?? "") as { error?: { code?: unknown; message?: unknown } };
      return code > 0 && stdout === "" && typeof error?.code === "string" && typeof error.message === "string" ? [] : [`${cut(args)}: ${code} ${stdout}${stderr.slice(0, 300)}`];
    })).flat();
    expect(wrong).toEqual([]);
  }, LONG_MS);
});

function problemsOf({ code, stdout, stderr }: Ended, args: Row[0], want: { code: number; said: string | RegExp }): string[] {
  const head = stderr.split("\n")[0] ?? "";
  const problems = [
    code === want.code ? "" : `ended with ${code}, not ${want.code}`,
    want.code === 0 || stdout === "" ? "" : `printed ${stdout.slice(0, 100)}`,
    (typeof want.said === "string" ? stderr.includes(want.said) : want.said.test(stderr)) ? "" : `does not say ${String(want.said)}`,
    want.code === 0 || /^vpcctl: [A-Z_0-9]+: .+/.test(head) || /^(With|No network|Topology)/.test(head) ? "" : "has no code at its head",
    /^ +at |\.[mc]?[jt]s:\d+|undefined|\[object|NaN|INTERNAL/m.test(stderr) ? "shows the inside" : "",
    stderr.length < 3000 ? "" : `says too much (${stderr.length} letters)`,
  ].filter((problem) => problem !== "");
  return problems.map((problem) => `${cut(args)}: ${problem}: ${stderr.slice(0, 300)}`);
}

async function inTurns<T, R>(items: readonly T[], workers: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) results.push(await work(item));
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return results;
}
