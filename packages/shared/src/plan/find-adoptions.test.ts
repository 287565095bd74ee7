import { describe, expect, it } from "vitest";
import { testContext } from "../testing/builders";
import { fwRule, port, TinyLab, via } from "../testing/tiny-lab";
import { FakeKernel } from "../testing/fake-kernel";
import { applyEdits } from "../topology/edit";
import type { Topology } from "../topology/topology";
import type { Adoption } from "./adoption";
import { adoptionEdit } from "./adoption-edit";
import { compileTopology } from "./compile";
import { findAdoptions } from "./find-adoptions";
import { HOST_NAMESPACE } from "./kernel-state";
import type { SeenKernel, SeenNamespace } from "./kernel-state";
import { planChanges } from "./plan";
import { firewallRuleName } from "./rule-names";

/** vpc1 with a public and a private subnet, an ACL and a firewall of the latter, and two members of one group. */
function drawn(): Topology {
  const lab = new TinyLab();
  lab.vpc("vpc1", "10.1.0.0/16");
  lab.subnet("vpc1/pub", "10.1.1.0/24", [via("0.0.0.0/0", "internet-gateway", "igw-vpc1")]);
  lab.subnet("vpc1/priv", "10.1.2.0/24");
  lab.firewall("vpc1/priv", [fwRule("ingress", "deny", "tcp", port(9))]);
  return lab.doc;
}

async function standing(doc: Topology) {
  const context = testContext(doc);
  const wanted = compileTopology(doc, context);
  const kernel = new FakeKernel();
  expect(await kernel.apply(planChanges(wanted, {}, context))).toEqual([]);
  const seen = await kernel.observe([HOST_NAMESPACE, ...Object.keys(wanted)]);
  const spoiled = (name: string, change: (space: SeenNamespace) => Partial<SeenNamespace>): SeenKernel => ({ ...seen, [name]: { ...seen[name]!, ...change(seen[name]!) } });
  const found = (now: SeenKernel) => findAdoptions(doc, wanted, now);
  return { seen, wanted, spoiled, found };
}

const withoutRule = (comment: string) => ({ nft }: SeenNamespace): Partial<SeenNamespace> => ({
  nft: nft && { ...nft, chains: nft.chains.map((chain) => ({ ...chain, rules: chain.rules.filter((rule) => "foreign" in rule || rule.comment !== comment) })) },
});
const adopted = (doc: Topology, adoption: Adoption): Topology => {
  const edit = adoptionEdit(doc, adoption);
  const edited = edit && applyEdits(doc, [edit.command]);
  if (!edited?.ok) throw new Error("the edit was refused");
  return edited.value;
};

describe("what was done by hand and can be drawn", () => {
  it("is nothing while all is as drawn", async () => {
    const { seen, found } = await standing(drawn());
    expect(found(seen)).toEqual([]);
  });

  it("a route removed from a table is taken out of the drawing", async () => {
    const doc = drawn();
    const { spoiled, found } = await standing(doc);
    const all = found(spoiled("vpc1", ({ routes }) => ({ routes: routes.filter(({ destination, via: hop }) => destination !== "default" || hop === null) })));
    expect(all).toEqual([{ kind: "route-removed", objectId: "rtb-vpc1-pub", shownOn: ["rtb-vpc1-pub"], destination: "0.0.0.0/0" }]);
    expect(adopted(doc, all[0]!).routeTables.find(({ id }) => id === "rtb-vpc1-pub")?.routes).toEqual([]);
    expect(adoptionEdit(doc, all[0]!)?.sentence).toContain("0.0.0.0/0");
  });

  it("a route added over a next hop that is drawn is drawn, too, and is exactly what stands there", async () => {
    const doc = drawn();
    const { seen, spoiled, found } = await standing(doc);
    const route = seen["vpc1"]!.routes.find(({ destination, via: hop }) => destination === "default" && hop !== null)!;
    const added = { ...route, destination: "203.0.113.0/24" };
    const all = found(spoiled("vpc1", ({ routes }) => ({ routes: [...routes, added] })));
    expect(all).toEqual([{ kind: "route-added", objectId: "rtb-vpc1-pub", shownOn: ["vpc-vpc1"], destination: "203.0.113.0/24", target: { kind: "internet-gateway", id: "igw-vpc1" } }]);
    const after = adopted(doc, all[0]!);
    const compiled = compileTopology(after, testContext(after))["vpc1"]!.routes.find(({ destination, table }) => destination === added.destination && table === added.table);
    expect(compiled).toMatchObject({ type: added.type, via: added.via, dev: added.dev });
  });

  it("no route over a next hop that nothing drawn stands for, and none within the VPC", async () => {
    const { seen, spoiled, found } = await standing(drawn());
    const route = seen["vpc1"]!.routes.find(({ destination, via: hop }) => destination === "default" && hop !== null)!;
    for (const change of [{ destination: "203.0.113.0/24", via: "192.0.2.1" }, { destination: "10.1.9.0/24" }]) {
      expect(found(spoiled("vpc1", ({ routes }) => ({ routes: [...routes, { ...route, ...change }] })))).toEqual([]);
    }
  });

  it("a group's rule only when it is gone from every member", async () => {
    const doc = drawn();
    const { seen, spoiled, found } = await standing(doc);
    const [rule] = doc.securityGroups[0]!.rules;
    const one = spoiled("vpc1-pub", withoutRule(rule!.id));
    expect(found(one)).toEqual([]);
    const everywhere = { ...one, "vpc1-priv": { ...seen["vpc1-priv"]!, ...withoutRule(rule!.id)(seen["vpc1-priv"]!) } };
    const all = found(everywhere);
    expect(all).toEqual([{ kind: "rule-removed", objectId: "sg-vpc1-default", rule: rule!.id, shownOn: expect.arrayContaining(["i-vpc1-pub-main", "i-vpc1-priv-main"]) }]);
    expect(adopted(doc, all[0]!).securityGroups[0]!.rules.map(({ id }) => id)).not.toContain(rule!.id);
  });

  it("an ACL's entry and a firewall's rule", async () => {
    const doc = drawn();
    const { spoiled, found } = await standing(doc);
    const [entry] = found(spoiled("vpc1", withoutRule("acl-vpc1-default-in-100")));
    expect(entry).toMatchObject({ kind: "rule-removed", objectId: "acl-vpc1-default", rule: "acl-vpc1-default-in-100" });
    expect(adopted(doc, entry!).networkAcls[0]!.entries.filter(({ direction }) => direction === "ingress")).toEqual([]);
    const name = firewallRuleName(doc.subnets[1]!.firewall!.rules[0]!);
    const [filter] = found(spoiled("vpc1-priv", withoutRule(name)));
    expect(filter).toMatchObject({ kind: "rule-removed", objectId: "subnet-vpc1-priv", rule: name });
    expect(adopted(doc, filter!).subnets[1]!.firewall!.rules).toEqual([]);
  });

  it("nothing of a chain in which something else differs as well", async () => {
    const doc = drawn();
    const { spoiled, found } = await standing(doc);
    const both = spoiled("vpc1", (space) => {
      const { nft } = { ...space, ...withoutRule("acl-vpc1-default-in-100")(space) };
      return { nft: nft && { ...nft, chains: nft.chains.map((chain) => ({ ...chain, rules: [...chain.rules, { foreign: "something by hand" }] })) } };
    });
    expect(found(both)).toEqual([]);
  });
});
