"use client";

import type { ObjectByKind, ObjectKind, TopologyObject } from "@vpclab/shared/topology/topology";
import type { ReactNode } from "react";
import { ElasticIpFields } from "./elastic-ip-fields";
import { GatewayFields } from "./gateway-fields";
import { InstanceFields } from "./instance-fields";
import { NatGatewayFields } from "./nat-gateway-fields";
import { NetworkAclFields } from "./network-acl-fields";
import { PeeringFields } from "./peering-fields";
import { RouteTableFields } from "./route-table-fields";
import { SecurityGroupFields } from "./security-group-fields";
import { SubnetFields } from "./subnet-fields";
import { VpcFields } from "./vpc-fields";

const FIELDS: { readonly [K in ObjectKind]: (object: ObjectByKind[K]) => ReactNode } = {
  vpc: (vpc) => <VpcFields vpc={vpc} />,
  subnet: (subnet) => <SubnetFields subnet={subnet} />,
  instance: (instance) => <InstanceFields instance={instance} />,
  "internet-gateway": (gateway) => <GatewayFields gateway={gateway} />,
  "nat-gateway": (natGateway) => <NatGatewayFields natGateway={natGateway} />,
  "elastic-ip": (elasticIp) => <ElasticIpFields elasticIp={elasticIp} />,
  "route-table": (table) => <RouteTableFields table={table} />,
  "security-group": (group) => <SecurityGroupFields group={group} />,
  "network-acl": (acl) => <NetworkAclFields acl={acl} />,
  peering: (peering) => <PeeringFields peering={peering} />,
};

/** What can be changed about one object. The pair comes from `findObject`, which takes each from the collection of its kind. */
export const fieldsOf = (kind: ObjectKind, object: TopologyObject): ReactNode => (FIELDS[kind] as (object: TopologyObject) => ReactNode)(object);
