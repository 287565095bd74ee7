import type { ObjectKind } from "@vpclab/shared/topology/topology";
import { elasticIpView, internetGatewayView, natGatewayView, peeringView } from "./gateway-views";
import { instanceView, subnetView, vpcView } from "./network-views";
import { networkAclView, routeTableView, securityGroupView } from "./rule-views";
import type { View } from "./view";

export const KIND_VIEW: { readonly [K in ObjectKind]: View<K> } = {
  vpc: vpcView,
  subnet: subnetView,
  instance: instanceView,
  "internet-gateway": internetGatewayView,
  "nat-gateway": natGatewayView,
  "elastic-ip": elasticIpView,
  "route-table": routeTableView,
  "security-group": securityGroupView,
  "network-acl": networkAclView,
  peering: peeringView,
};
