import { describe, expect, it } from "vitest";
import { seededRandom } from "../testing/builders";
import { fullLab, named } from "../testing/full-lab";
import { applyEdit } from "./edit";
import { findAnyByName, findByName } from "./find-by-name";
import { nearestName } from "./nearest-name";
import { newInstance } from "./new-object";
import type { ObjectKind } from "./topology";

const lab = fullLab();
const message = (result: ReturnType<typeof findAnyByName>) => (result.ok ? result.value.path : `${result.error[0]?.code} ${result.error[0]?.message}`);

describe("a person's name for an object", () => {
  it.each<[ObjectKind, string, string]>([
    ["vpc", "vpc1", "vpc1"],
    ["subnet", "vpc1/public", "vpc1/public"],
    ["subnet", "vpc1-public", "vpc1/public"],
    ["subnet", "10.0.1.0/24", "vpc1/public"],
    ["subnet", "private", "vpc1/private"],
    ["instance", "vpc1-public", "vpc1/public/main"],
    ["instance", "vpc1/public", "vpc1/public/main"],
    ["instance", "vpc1/public/main", "vpc1/public/main"],
    ["instance", "10.0.1.2", "vpc1/public/main"],
    ["internet-gateway", "vpc1", "vpc1/vpc1-igw"],
    ["security-group", "vpc1/default", "vpc1/default"],
    ["route-table", "vpc1-main", "vpc1/main"],
    ["nat-gateway", "vpc1/public/nat", "vpc1/public/nat"],
  ])("%s %s", (kind, text, path) => {
    expect(message(findAnyByName(lab, [kind], text))).toBe(path);
  });

  it("is its id too, and a bare name within one VPC", () => {
    const vpc = named(lab.vpcs, "vpc1");
    expect(message(findAnyByName(lab, ["vpc"], vpc.id))).toBe("vpc1");
    expect(message(findAnyByName(lab, ["subnet"], "public", vpc.id))).toBe("vpc1/public");
  });

  it("that could be two objects is refused with both", () => {
    expect(message(findAnyByName(lab, ["subnet"], "public"))).toBe("CONFLICT “public” could be vpc1/public or vpc2/public; write one of them.");
  });

  it("that nothing has is refused with the nearest known one, else with what there is", () => {
    expect(message(findAnyByName(lab, ["subnet"], "vpc1/pubilc"))).toBe("NOT_FOUND There is no subnet “vpc1/pubilc”; did you mean “vpc1/public”?");
    expect(message(findAnyByName(lab, ["vpc"], "warehouse"))).toBe("NOT_FOUND There is no VPC “warehouse”; there is vpc1 and vpc2.");
    expect(message(findAnyByName({ ...lab, peerings: [] }, ["peering"], "x"))).toBe("NOT_FOUND There is no peering connection “x”; this topology has none.");
  });

  it("of a further instance needs its subnet only where the name is used twice", () => {
    const made = newInstance(lab, named(lab.subnets, "private").id, seededRandom(3), { name: "web", address: "10.0.2.77" });
    const edited = made.ok && applyEdit(lab, made.value.command);
    if (!edited || !edited.ok) throw new Error("no instance");
    const { document } = edited.value;
    for (const name of ["web", "vpc1-private-web", "vpc1/private/web", "10.0.2.77"]) {
      const found = findByName(document, "instance", name);
      expect(found.ok && found.value.id, name).toBe(made.value.id);
    }
  });
});

describe("the nearest name", () => {
  it.each([["pord", "prod"], ["prdo", "prod"], ["prodd", "prod"], ["x", null], ["staging", null], ["", null]])("to %j is %j", (typed, nearest) => {
    expect(nearestName(typed, ["prod", "development"])).toBe(nearest);
  });
});
