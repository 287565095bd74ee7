import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { routeTableOf } from "@vpclab/shared/topology/effective";
import { subnetType } from "@vpclab/shared/topology/subnet-type";
import { EMPTY_TOPOLOGY, type Topology } from "@vpclab/shared/topology/topology";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { MemoryLab, vpcctl } from "../../test/memory-lab";
import { SPELLINGS } from "./spellings";

const state = vi.hoisted(() => ({ lab: null as unknown }));
vi.mock("../choose-lab", () => ({ chooseLab: () => Promise.resolve(state.lab) }));

let lab: MemoryLab;
beforeEach(() => {
  lab = new MemoryLab();
  state.lab = lab;
});

const folder = mkdtempSync(join(tmpdir(), "vpcctl-older-"));
afterAll(() => rmSync(folder, { recursive: true }));
const SHAPE_A = { vpc: "prod", subnet_type: "public", ingress: [{ port: 8000, protocol: "tcp", action: "allow" }, { port: 22, protocol: "tcp", action: "deny" }] };
const policy = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
};
const SHAPE_B = policy("b.json", { subnet: "10.0.1.0/24", ingress: [{ port: 80, protocol: "tcp", action: "allow" }, { port: 22, protocol: "tcp", action: "deny" }] });

/** Runs lines that must all succeed; answers with standard error of the last. */
async function run(...lines: string[]): Promise<string> {
  let said = "";
  for (const line of lines) {
    const { exit, stderr } = await vpcctl(line);
    if (exit !== 0) throw new Error(`${line}: exit ${exit}: ${stderr}`);
    said = stderr;
  }
  return said;
}

/**
 * A drawing in a few words: VPCs with their host switch, subnets with their type and routes by peerings, web servers, peerings,
 * rules of default groups that let a range in.
 */
function drawn(doc: Topology = lab.topologies.get("default") ?? EMPTY_TOPOLOGY): string[] {
  const index = indexTopology(doc);
  const name = (id: string) => index.vpcById.get(id)?.name ?? "?";
  return [
    ...doc.vpcs.map((vpc) => `${vpc.name} ${vpc.cidr}${vpc.reachableFromHost ? " host" : ""}`),
    ...doc.subnets.map((subnet) => {
      const routes = routeTableOf(index, subnet).routes.flatMap(({ destination, target }) => (target.kind === "peering" ? [destination] : []));
      const firewall = subnet.firewall ? ` firewall ${subnet.firewall.rules.map(({ action, ports }) => `${action} ${ports?.from ?? "all"}`).join(" ")} then ${subnet.firewall.defaults.ingress}` : "";
      return `${name(subnet.vpcId)}/${subnet.name} ${subnet.cidr} ${subnetType(index, subnet)}${routes.length > 0 ? ` to ${routes.join(" ")}` : ""}${firewall}`;
    }),
    ...doc.instances.flatMap((instance) => (instance.webServer ? [`web ${instance.address}:${instance.webServer.port}`] : [])),
    ...doc.peerings.map((peering) => `peering ${peering.name} ${peering.status}`),
    ...doc.securityGroups.flatMap((group) => group.rules.flatMap((rule) => (rule.direction === "ingress" && "cidr" in rule.peer ? [`${name(group.vpcId)} lets in ${rule.peer.cidr}`] : []))),
  ].sort();
}

const VPC1 = ["create-vpc --name vpc1 --cidr 10.0.0.0/16", "add-subnet --vpc vpc1 --name public --cidr 10.0.1.0/24", "add-subnet --vpc vpc1 --name private --cidr 10.0.2.0/24"];
const VPC2 = ["create-vpc --name vpc2 --cidr 172.16.0.0/16", "add-subnet --vpc vpc2 --name public --cidr 172.16.1.0/24"];
const LAB = ["vpc1 10.0.0.0/16 host", "vpc1/private 10.0.2.0/24 private", "vpc1/public 10.0.1.0/24 private", "vpc2 172.16.0.0/16 host", "vpc2/public 172.16.1.0/24 private"];
const without = (...gone: string[]) => LAB.filter((line) => !gone.includes(line));

const PEERED = [
  "-vpc1/private 10.0.2.0/24 private", "vpc1/private 10.0.2.0/24 private to 172.16.0.0/16", "-vpc1/public 10.0.1.0/24 private", "vpc1/public 10.0.1.0/24 private to 172.16.0.0/16",
  "-vpc2/public 172.16.1.0/24 private", "vpc2/public 172.16.1.0/24 private to 10.0.0.0/16", "peering vpc1-vpc2 active", "vpc1 lets in 172.16.0.0/16", "vpc2 lets in 10.0.0.0/16",
];

/** From the lab of VPC1 and VPC2: what the lines change. `-` before a line: it is gone. */
const CASES: readonly [lines: string | string[], changes: string[]][] = [
  // S1: vpc, subnet, nat, peer, firewall, deploy
  ["vpc create --name dev --cidr 10.5.0.0/16", ["dev 10.5.0.0/16 host"]],
  ["vpc delete --name vpc2", ["-vpc2 172.16.0.0/16 host", "-vpc2/public 172.16.1.0/24 private"]],
  ["vpc list", []],
  ["subnet add --vpc vpc1 --name db --cidr 10.0.3.0/24 --type private", ["vpc1/db 10.0.3.0/24 private"]],
  ["subnet add --vpc vpc1 --name dmz --cidr 10.0.3.0/24 --type public", ["vpc1/dmz 10.0.3.0/24 private"]],
  [["subnet add --vpc vpc1 --name dmz --cidr 10.0.3.0/24 --type public", "nat enable --vpc vpc1 --interface eth0"], ["vpc1/dmz 10.0.3.0/24 public"]],
  [["subnet add --vpc vpc1 --name dmz --cidr 10.0.3.0/24 --type public", "nat enable --vpc vpc1", "nat disable --vpc vpc1"], ["vpc1/dmz 10.0.3.0/24 private"]],
  ["subnet delete --vpc vpc1 --name private", ["-vpc1/private 10.0.2.0/24 private"]],
  ["deploy webserver --vpc vpc1 --subnet public", ["web 10.0.1.2:8080"]],
  ["deploy webserver --vpc vpc1 --subnet private --port 8081", ["web 10.0.2.2:8081"]],
  ["peer create --vpc1 vpc1 --vpc2 vpc2", PEERED],
  [["peer create --vpc1 vpc1 --vpc2 vpc2", "peer delete --vpc1 vpc2 --vpc2 vpc1"], []],
  [`firewall apply --vpc vpc1 --subnet public --policy ${SHAPE_B}`, ["-vpc1/public 10.0.1.0/24 private", "vpc1/public 10.0.1.0/24 private firewall allow 80 deny 22 then deny"]],
  // S2: one word per command
  ["add-subnet --vpc vpc1 --name app --cidr 10.0.7.0/24", ["vpc1/app 10.0.7.0/24 private"]],
  ["allow-intra-vpc vpc1", []],
  ["allow-intra-vpc --vpc vpc1", []],
  ["enable-nat --vpc vpc1 --subnet public --wan eth0", ["-vpc1/public 10.0.1.0/24 private", "vpc1/public 10.0.1.0/24 public"]],
  ["enable-nat --vpc vpc2 --all-subnets", ["-vpc2/public 172.16.1.0/24 private", "vpc2/public 172.16.1.0/24 public"]],
  ["deploy-http --vpc vpc1 --subnet public --port 80", ["web 10.0.1.2:80"]],
  ["isolate-vpcs --cidr-a 10.0.0.0/16 --cidr-b 172.16.0.0/16", []],
  ["peer-vpcs --bridge-a br-vpc1 --bridge-b br-vpc2", ["peering vpc1-vpc2 active"]],
  [["peer-vpcs --bridge-a br-vpc1 --bridge-b br-vpc2", "allow-cidr --src 10.0.1.0/24 --dst 172.16.1.0/24"], [
    "peering vpc1-vpc2 active", "-vpc1/public 10.0.1.0/24 private", "vpc1/public 10.0.1.0/24 private to 172.16.1.0/24",
    "-vpc2/public 172.16.1.0/24 private", "vpc2/public 172.16.1.0/24 private to 10.0.1.0/24", "vpc2 lets in 10.0.1.0/24",
  ]],
  [["peer-vpcs --bridge-a br-vpc1 --bridge-b br-vpc2", "allow-cidr --src 10.0.1.0/24 --dst 172.16.1.0/24", "isolate-vpcs --cidr-a 10.0.0.0/16 --cidr-b 172.16.0.0/16"], ["peering vpc1-vpc2 active"]],
  ["inspect", []],
  ["teardown-vpc --name vpc2", ["-vpc2 172.16.0.0/16 host", "-vpc2/public 172.16.1.0/24 private"]],
  ["teardown-vpc --name nothing", []],
  // S4: verb and noun in one word
  ["create-subnet --vpc vpc1 --name dmz --cidr 10.0.3.0/24 --type public", ["vpc1/dmz 10.0.3.0/24 public"]],
  ["delete-vpc --name vpc2", ["-vpc2 172.16.0.0/16 host", "-vpc2/public 172.16.1.0/24 private"]],
  ["delete-vpc vpc2", ["-vpc2 172.16.0.0/16 host", "-vpc2/public 172.16.1.0/24 private"]],
  ["list-vpcs", []],
  ["delete-subnet --vpc vpc1 --name private", ["-vpc1/private 10.0.2.0/24 private"]],
  ["list-subnets --vpc vpc1", []],
  [["create-peering --vpc1 vpc1 --vpc2 vpc2", "delete-peering --vpc1 vpc1 --vpc2 vpc2"], []],
  [[`apply-policy --vpc vpc1 --subnet public --file ${SHAPE_B}`, "clear-policy --vpc vpc1 --subnet public"], []],
  ["-v list-vpcs", []],
  ["exec --vpc vpc1 --subnet public --dry-run ip route", []],
  // S0: everything at once
  ["create --name prod --internet-interface eth0", ["prod 10.10.0.0/16 host", "prod/priv 10.10.2.0/24 private", "prod/pub 10.10.1.0/24 public"]],
  ["create --name dev", ["dev 10.20.0.0/16 host", "dev/priv 10.20.2.0/24 private", "dev/pub 10.20.1.0/24 public"]],
  ["create --name shop", ["shop 10.40.0.0/16 host", "shop/priv 10.40.2.0/24 private", "shop/pub 10.40.1.0/24 public"]],
  [["create --name test", "delete --name test"], []],
  [`create --name prod --firewall ${policy("a.json", SHAPE_A)}`, ["prod 10.10.0.0/16 host", "prod/priv 10.10.2.0/24 private", "prod/pub 10.10.1.0/24 public firewall allow 8000 deny 22 then deny"]],
  [`create --name prod --firewall ${policy("both.json", { policies: [SHAPE_A, { ...SHAPE_A, subnet_type: "private" }] })}`, [
    "prod 10.10.0.0/16 host", "prod/priv 10.10.2.0/24 private firewall allow 8000 deny 22 then deny", "prod/pub 10.10.1.0/24 public firewall allow 8000 deny 22 then deny",
  ]],
  [`create --name other --firewall ${policy("a.json", SHAPE_A)}`, ["other 10.40.0.0/16 host", "other/priv 10.40.2.0/24 private", "other/pub 10.40.1.0/24 public"]],
  // siblings: by position
  ["create shop --cidr 10.6.0.0/16", ["shop 10.6.0.0/16 host"]],
  ["create shop 10.6.0.0/16", ["shop 10.6.0.0/16 host"]],
  ["create-vpc shop 10.6.0.0/16", ["shop 10.6.0.0/16 host"]],
  ["add-subnet vpc1 app --cidr 10.0.7.0/24", ["vpc1/app 10.0.7.0/24 private"]],
  ["add-subnet vpc1 app 10.0.7.0/24", ["vpc1/app 10.0.7.0/24 private"]],
  ["subnet-add vpc1 app 10.0.7.0/24 --type private", ["vpc1/app 10.0.7.0/24 private"]],
  ["subnet-add vpc1 dmz 10.0.7.0/24 public", ["vpc1/dmz 10.0.7.0/24 public"]],
  ["deploy-app vpc1 public --port 8081", ["web 10.0.1.2:8081"]],
  ["deploy-workload vpc1 public", ["web 10.0.1.2:8080"]],
  [`policy-apply vpc1 public ${SHAPE_B}`, ["-vpc1/public 10.0.1.0/24 private", "vpc1/public 10.0.1.0/24 private firewall allow 80 deny 22 then deny"]],
  [[`policy-apply vpc1 public ${SHAPE_B}`, "policy-clear vpc1 public"], []],
  ["policy-show vpc1 public", []],
  ["get-ip vpc1 public", []],
  ["del vpc2", ["-vpc2 172.16.0.0/16 host", "-vpc2/public 172.16.1.0/24 private"]],
  // siblings
  ["show-vpc vpc1", []],
  ["describe --name vpc1", []],
  [["create-peering vpc1 vpc2", "unpeer vpc1 vpc2"], []],
  ["create-peering --vpc1 vpc1 --vpc2 vpc2 --allow-cidrs 10.0.1.0/24,172.16.1.0/24", [
    "peering vpc1-vpc2 active", "-vpc1/public 10.0.1.0/24 private", "vpc1/public 10.0.1.0/24 private to 172.16.1.0/24",
    "-vpc2/public 172.16.1.0/24 private", "vpc2/public 172.16.1.0/24 private to 10.0.1.0/24", "vpc1 lets in 172.16.1.0/24", "vpc2 lets in 10.0.1.0/24",
  ]],
  ["policy-show --vpc vpc1 --subnet public", []],
  ["get-ip --vpc vpc1 --subnet public", []],
  ["get-ip vpc1-private", []],
  ["config get", []],
  [["config set drift-repair manual", "config get drift-repair"], []],
  ["peer vpc1 vpc2", PEERED],
  ["--local peer vpc1 vpc2", PEERED],
  ["-t default peering --vpc1 vpc1 --vpc2 vpc2", PEERED],
  [["peer vpc1 vpc2 --allow-cidrs 10.0.1.0/24,172.16.1.0/24", "unpeer vpc2 vpc1"], []],
  [["peer vpc1 vpc2", "list-peerings", "list-peers", "peer list", "unpeer vpc1 vpc2"], []],
  ["deploy vpc1 public 8081", ["web 10.0.1.2:8081"]],
  ["deploy --vpc vpc1 --subnet public --port 8081", ["web 10.0.1.2:8081"]],
  ["deploy nginx --vpc vpc1 --subnet public --port 80", ["web 10.0.1.2:80"]],
  ["deploy nginx vpc1 public", ["web 10.0.1.2:8080"]],
  [["deploy nginx vpc1 public 80", "stop-app vpc1 public"], []],
  [`firewall apply --vpc vpc1 --policy ${policy("any.json", { ingress: [{ port: 80, protocol: "tcp", action: "reject" }] })} --default permissive`, [
    "-vpc1/private 10.0.2.0/24 private", "vpc1/private 10.0.2.0/24 private firewall deny 80 then allow",
    "-vpc1/public 10.0.1.0/24 private", "vpc1/public 10.0.1.0/24 private firewall deny 80 then allow",
  ]],
  [`firewall apply --vpc vpc1 --policy ${SHAPE_B}`, ["-vpc1/public 10.0.1.0/24 private", "vpc1/public 10.0.1.0/24 private firewall allow 80 deny 22 then deny"]],
  [[`firewall apply --vpc vpc1 --policy ${join(folder, "any.json")}`, "firewall clear --vpc vpc1"], []],
  ["older", []],
  ["help older", []],
];

describe("each spelling of the older tools does what it did", () => {
  it.each(CASES)("%s", async (lines, changes) => {
    await run(...VPC1, ...VPC2);
    expect(drawn()).toEqual(LAB);
    await run(...[lines].flat());
    const gone = changes.filter((line) => line.startsWith("-")).map((line) => line.slice(1));
    expect(drawn()).toEqual([...without(...gone), ...changes.filter((line) => !line.startsWith("-"))].sort());
  });

  it("twice changes nothing more", async () => {
    await run(...VPC1, ...VPC2, "enable-nat --vpc vpc1 --subnet public", "create-peering --vpc1 vpc1 --vpc2 vpc2", "create --name prod");
    const before = lab.topologies.get("default");
    await run(...VPC1, ...VPC2, "enable-nat --vpc vpc1 --subnet public", "create-peering --vpc1 vpc1 --vpc2 vpc2", "create --name prod");
    expect(lab.topologies.get("default")).toEqual(before);
  });

  it.each<[string, number, string]>([
    ["create", 2, "--name"],
    ["create-vpc --cidr 10.0.0.0/16", 2, "--name"],
    ["create-vpc --name vpc1 --cidr 10.7.0.0/16", 5, "CIDR is 10.0.0.0/16, not 10.7.0.0/16"],
    ["delete --name nothing", 4, "“nothing”"],
    ["delete-subnet --vpc vpc1 --name nothing", 4, "“nothing”"],
    ["allow-cidr --src 10.0.1.0/24 --dst 172.16.1.0/24", 4, "peer them first"],
    ["allow-cidr --src 10.0.9.0/24 --dst 172.16.1.0/24", 4, "10.0.9.0/24"],
    ["peer-vpcs --bridge-a br-vpc1 --bridge-b br-vpc9", 4, "did you mean “vpc1”"],
    ["delete-peering --vpc1 vpc1 --vpc2 vpc2", 4, "not peered"],
    ["create-peering vpc1 vpc2 --allow-cidrs 10.0.1.0/24", 2, "one of “vpc2”"],
    [`apply-policy --vpc vpc1 --subnet private --file ${SHAPE_B}`, 2, "10.0.1.0/24"],
    ["apply-policy --vpc vpc1 --subnet public --file /nowhere.json", 2, "no such file"],
    [`apply-policy --vpc vpc1 --subnet public --file ${policy("bad.json", { ingress: [{ port: "ssh", protocol: "tcp", action: "allow" }] })}`, 2, "“ssh” is no port"],
    [`create --name prod --firewall ${join(folder, "bad.json")}`, 2, "“ssh” is no port"],
    ["config set addressing ipv6", 2, "lab or aws"],
    ["config get nothing", 2, "there is addressing and drift-repair"],
    ["test-connectivity --from vpc1-public", 2, "from where to where"],
    ["peer lsit vpc1", 2, "unknown command 'lsit' (Did you mean list?)"],
    ["peer vpc1", 2, "unknown command 'vpc1'"],
    ["peer vpc1 vpc9", 4, "“vpc9”"],
    ["deploy weserver vpc1", 2, "(Did you mean webserver?)"],
    [`firewall apply --vpc vpc2 --policy ${SHAPE_B}`, 4, "has no policy for a subnet of VPC “vpc2”"],
    [`firewall apply --vpc vpc1 --policy ${join(folder, "bad.json")}`, 2, "“ssh” is no port"],
    ["allocate-ip vpc1 public", 2, "vpcctl get-ip"],
    ["ip allocate vpc1 public", 2, "vpcctl get-ip"],
    ["firewall-mode vpc1 permissive", 2, "--default permissive|restrictive"],
  ])("%s ends with %i", async (line, exit, says) => {
    await run(...VPC1, ...VPC2);
    const before = lab.topologies.get("default");
    const answer = await vpcctl(line);
    expect(answer.exit, answer.stderr).toBe(exit);
    expect(answer.stderr).toContain(says);
    expect(lab.topologies.get("default")).toEqual(before);
  });

  it("another web server's name starts ours, and says so", async () => {
    expect(await run(...VPC1, "deploy nginx vpc1 public 80")).toContain("nothing of the machine's is started");
  });

  it("all are listed by `help older`, and none of them in the help", async () => {
    const { stdout } = await vpcctl("help older");
    for (const { usage } of SPELLINGS) expect(stdout).toContain(usage.split(" ")[0]);
    const help = (await vpcctl("--help")).stdout;
    for (const { usage } of SPELLINGS) expect(help).not.toMatch(new RegExp(`^ +${usage.split(" ")[0]} `, "m"));
  });
});
