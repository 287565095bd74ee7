import { LIMITS } from "@vpclab/shared/topology/topology";
import { refuse } from "./gesture";
import type { Judged } from "./gesture";
import type { DroppedItem } from "./palette-item";
import { containsPoint } from "../scene/rect";
import type { Point } from "../scene/rect";
import type { Scene } from "../scene/scene";

/** Where a dropped item would go: the id of a container or of what it is put on, null for the canvas itself. */
export type DropTarget = Judged<{ readonly targetId: string | null }>;

/** What a drop here would mean, asked on every move of the pointer: only looks up, creates nothing. */
export function judgeDrop(scene: Scene, item: DroppedItem, point: Point): DropTarget {
  const at = (ids: readonly { readonly id: string }[]) => ids.find(({ id }) => containsPoint(scene.world.get(id)!, point))?.id;
  const { document, index } = scene;
  const vpc = index.vpcById.get(at(document.vpcs) ?? "");
  const subnetId = at(document.subnets);
  const instance = index.instanceById.get(at(document.instances) ?? "");
  const natGatewayId = at(document.natGateways);
  const take = (targetId: string | null): DropTarget => ({ ok: true, targetId });
  switch (item) {
    case "vpc":
      return vpc ? refuse(`A VPC cannot stand inside another: drop it beside ${vpc.name}.`) : take(null);
    case "public-subnet":
    case "private-subnet":
      return vpc ? take(vpc.id) : refuse("A subnet belongs to a VPC: drop it inside one.");
    case "internet-gateway": {
      if (!vpc) return refuse("An internet gateway belongs to a VPC: drop it onto one.");
      const other = index.gatewayOfVpc(vpc.id);
      return other ? refuse(`${vpc.name} already has an internet gateway (${other.name}); a VPC has at most one.`) : take(vpc.id);
    }
    case "instance":
      if (subnetId) return take(subnetId);
      return refuse(vpc ? `An instance belongs to a subnet: drop it onto one of ${vpc.name}’s subnets.` : "An instance belongs to a subnet: drop it inside one.");
    case "nat-gateway":
      return subnetId ? take(subnetId) : refuse("A NAT gateway stands in a subnet: drop it inside a public one.");
    case "elastic-ip": {
      const target = instance?.id ?? natGatewayId;
      const other = target === undefined ? undefined : index.elasticIpOf(target);
      if (other) return refuse(`It already has an Elastic IP (${other.name}); drop this one elsewhere.`);
      return take(target ?? null);
    }
    case "route-table":
    case "network-acl":
      if (vpc) return take(subnetId ?? vpc.id);
      return refuse(item === "route-table" ? "A route table belongs to a VPC: drop it onto one, or onto the subnet that shall use it." : "A network ACL belongs to a VPC: drop it onto one, or onto the subnet that shall use it.");
    case "security-group":
      if (!vpc) return refuse("A security group belongs to a VPC: drop it onto one, or onto the instance that shall have it.");
      if (instance && instance.securityGroupIds.length >= LIMITS.groupsPerInstance) return refuse(`${instance.name} already has ${LIMITS.groupsPerInstance} security groups, which is the most.`);
      return take(instance?.id ?? vpc.id);
  }
}
