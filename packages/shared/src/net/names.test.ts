import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { INTERFACE_NAME_BYTES_MAX, interfaceName, macAddress, type LinkRole } from "./interface-name";
import { instanceNamespace, routerNamespace } from "./namespace-name";

const roles: LinkRole[] = ["bridge", "instance", "gateway-router", "gateway-host", "access-router", "access-host", "peering-requester", "peering-accepter"];
const topology = "00000000-0000-4000-8000-000000000001";

describe("kernel names", () => {
  it("never exceed 15 bytes and never contain what a shell or nft reads as syntax, whatever the ids", () => {
    fc.assert(fc.property(fc.constantFrom(...roles), fc.string(), fc.string(), (role, topologyId, objectId) => {
      const name = interfaceName(role, topologyId, objectId);
      expect(name).toMatch(/^(br|vi|igw|igh|vpr|vph|pcx)-[a-z2-7]{10}$/);
      expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(INTERFACE_NAME_BYTES_MAX);
    }));
  });

  it("do not collide over 20,000 objects and all roles", () => {
    const names = new Set<string>();
    for (let i = 0; i < 20_000; i++) for (const role of roles) names.add(interfaceName(role, topology, `i-${i.toString(16).padStart(12, "0")}`));
    expect(names.size).toBe(20_000 * roles.length);
  });

  it("differ between topologies, so that the same drawing can run twice", () => {
    expect(interfaceName("bridge", "a", "subnet-1")).not.toBe(interfaceName("bridge", "b", "subnet-1"));
  });

  it("MAC addresses are unicast and locally administered", () => {
    fc.assert(fc.property(fc.string(), (id) => {
      expect(macAddress("bridge", topology, id)).toMatch(/^02(:[0-9a-f]{2}){5}$/);
    }));
  });
});

describe("namespaces are called as people expect", () => {
  it("the main instance has the subnet's name, others add theirs", () => {
    expect(routerNamespace("default", "vpc1")).toBe("vpc1");
    expect(instanceNamespace("default", "vpc1", "public", "main")).toBe("vpc1-public");
    expect(instanceNamespace("default", "vpc1", "public", "web")).toBe("vpc1-public-web");
  });

  it("topologies other than default put their name in front, with a dot that no name can contain", () => {
    expect(routerNamespace("lab2", "vpc1")).toBe("lab2.vpc1");
    expect(instanceNamespace("lab2", "vpc1", "public", "main")).toBe("lab2.vpc1-public");
  });
});
