import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandOutline, outlineOf } from "../../../src/command-outline";
import { readEnvironment } from "../../../src/env";
import { buildProgram } from "../../../src/program";
import { done, stateDir, vpcctl } from "../vpcctl";
import { machinePicture, rememberedIn } from "./machine-picture";

const LONG_MS = 400_000;
const folder = mkdtempSync(join(tmpdir(), "vpcctl-dry-run-"));
const POLICY = join(folder, "policy.json");
const FILE = join(folder, "topology.yaml");
const LAB = [
  "create --name shop --cidr 10.0.0.0/16", "vpc create dev --cidr 10.1.0.0/16", "vpc create bare --cidr 10.2.0.0/16", "subnet create dev/a --cidr 10.1.1.0/24", "peer create shop dev", "route table create shop/extra", "sg create shop/web",
  "sg allow shop/web --tcp 80 --from 0.0.0.0/0", "nacl create shop/edge", "nacl allow shop/edge --all --from 0.0.0.0/0 --number 100",
  "nat create shop/pub/out", "igw create dev", "eip create spare", "route add 0.0.0.0/0 --table shop/extra --via out",
];

/** By command, in the words of the outline: a line of it that would change something. */
const EDITS: Readonly<Record<string, string>> = {
  "apply": `apply -f ${FILE}`, "cancel": "cancel", "teardown": "teardown", "purge": "purge",
  "vpc create": "vpc create more", "vpc set": "vpc set dev --dns off", "vpc delete": "vpc delete shop",
  "subnet create": "subnet create shop/more", "subnet add": "subnet add shop/more --type public", "subnet set": "subnet set shop/pub --private", "subnet delete": "subnet delete shop/priv",
  "instance create": "instance create shop/pub/web", "instance set": "instance set shop/pub/main --web-server 80", "instance delete": "instance delete shop/pub/main",
  "peer create": "peer create shop dev --no-routes", "peer delete": "peer delete shop dev", "peer accept": "peer accept shop-dev", "peer reject": "peer reject shop-dev",
  "route add": "route add 0.0.0.0/0 --table shop/main --via igw", "route delete": "route delete 0.0.0.0/0 --table shop/extra",
  "route table create": "route table create shop/other", "route table delete": "route table delete shop/extra",
  "sg create": "sg create shop/db", "sg allow": "sg allow shop/web --tcp 443 --from 0.0.0.0/0", "sg revoke": "sg revoke shop/web --tcp 80 --from 0.0.0.0/0", "sg delete": "sg delete shop/web",
  "nacl create": "nacl create shop/other", "nacl allow": "nacl allow shop/edge --tcp 80 --from 0.0.0.0/0", "nacl deny": "nacl deny shop/edge --tcp 22 --from 0.0.0.0/0", "nacl remove": "nacl remove shop/edge --ingress 100", "nacl delete": "nacl delete shop/edge",
  "nat create": "nat create shop/pub/second", "nat delete": "nat delete out", "nat enable": "nat enable dev --subnet a", "nat disable": "nat disable dev",
  "igw create": "igw create bare", "igw delete": "igw delete dev",
  "eip create": "eip create other", "eip associate": "eip associate spare shop/pub", "eip disassociate": "eip disassociate spare", "eip delete": "eip delete spare",
  "deploy webserver": "deploy webserver shop/pub --port 80", "deploy nginx": "deploy nginx shop pub 80", "stop-app": "stop-app shop/pub", "firewall apply": `firewall apply shop/pub --policy ${POLICY}`, "firewall clear": "firewall clear shop/pub",
  "export": `export ${join(folder, "exported.yaml")}`, "exec": `exec --dry-run shop-pub -- touch ${join(folder, "canary")}`,
  // The older spellings.
  "create": "create --name other", "delete": "delete shop", "create-vpc": "create-vpc other", "delete-vpc": "delete-vpc shop", "teardown-vpc": "teardown-vpc shop",
  "add-subnet": "add-subnet --vpc shop --name more", "create-subnet": "create-subnet --vpc shop --name more", "delete-subnet": "delete-subnet --vpc shop --name priv", "allow-intra-vpc": "allow-intra-vpc shop",
  "enable-nat": "enable-nat dev --subnet a", "disable-nat": "disable-nat dev", "deploy-http": "deploy-http --vpc shop --subnet pub --port 80", "isolate-vpcs": "isolate-vpcs --cidr-a 10.0.0.0/16 --cidr-b 10.1.0.0/16",
  "peer-vpcs": "peer-vpcs --bridge-a br-shop --bridge-b br-dev", "allow-cidr": "allow-cidr --src 10.0.0.0/24 --dst 10.1.1.0/24", "create-peering": "create-peering shop dev", "delete-peering": "delete-peering shop dev",
  "apply-policy": `apply-policy shop/pub --policy ${POLICY}`, "clear-policy": "clear-policy shop/pub", "cleanup-all": "cleanup-all", "config set": "config set drift-repair manual",
};
/** What asks, prints or sends packets only. */
const READS = /^(help|older|plan|diff|validate|schema|list|inspect|logs|show .*|.* (list|show|get)|list-.*|show-.*|policy-show|get-ip|allocate-ip|set-mode|verify|test|test-connectivity|matrix|watch|doctor|mode|completion|__complete|version|signin|signout)$/;

const callable = (command: CommandOutline, path: readonly string[]): string[] =>
  command.commands.length === 0 ? [path.join(" ")] : command.commands.filter(({ names }) => names[0] !== "help").flatMap((sub) => callable(sub, [...path, sub.names[0] ?? ""]));

beforeAll(async () => {
  writeFileSync(POLICY, JSON.stringify({ subnet: "pub", ingress: [{ port: 80, protocol: "tcp", action: "allow" }] }));
  for (const line of LAB) await done(line);
  writeFileSync(FILE, (await done("export -")).replaceAll("10.1.1.0/24", "10.1.2.0/24"));
}, LONG_MS);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await vpcctl("purge --all --yes");
}, LONG_MS);

describe("--dry-run", () => {
  it("is known for every command of the program", () => {
    const all = [...new Set(callable(outlineOf(buildProgram([], readEnvironment({}), process, () => {})), []))];
    expect(all.filter((path) => !READS.test(path)).sort()).toEqual(Object.keys(EDITS).sort());
  });

  it("of every one that edits: the kernel, the state and other files stay as they are, and JSON stays JSON", async () => {
    const before = [await machinePicture(), rememberedIn(stateDir), rememberedIn(folder)];
    const lines = Object.values(EDITS);
    const wrong: string[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let line = lines[next++]; line !== undefined; line = lines[next++]) {
        const [ended, asJson] = [await vpcctl(`--dry-run ${line}`), /^(exec|export) /.test(line) ? null : await vpcctl(`--dry-run --json ${line}`)];
        // A conflict or a thing that is not there is found before anything would be done.
        if (![0, 1, 2, 4, 5].includes(ended.code) || ended.code !== (asJson ?? ended).code) wrong.push(`${line}: ${ended.code} ${asJson?.code} ${ended.stderr}`);
        if (ended.code === 0 && (ended.stdout + ended.stderr).trim() === "") wrong.push(`${line}: says nothing`);
        if (asJson && asJson.stdout !== "" && !isJson(asJson.stdout)) wrong.push(`${line}: ${asJson.stdout}`);
        if (ended.code !== 0) refused.push(`${line}: ${ended.stderr.split("\n")[0]}`);
      }
    };
    const refused: string[] = [];
    await Promise.all([worker(), worker(), worker()]);
    expect(wrong).toEqual([]);
    // The lines above are meant to be right ones.
    expect(refused.filter((line) => !/^(peer (accept|reject|create)|exec|peer-vpcs|create-peering|allow-cidr|isolate-vpcs|eip disassociate|allow-intra)/.test(line))).toEqual([]);
    expect([await machinePicture(), rememberedIn(stateDir), rememberedIn(folder)]).toEqual(before);
    expect(existsSync(join(folder, "canary"))).toBe(false);
  }, LONG_MS);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
