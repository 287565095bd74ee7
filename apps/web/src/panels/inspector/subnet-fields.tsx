"use client";

import { cidrFrom, formatAddress } from "@vpclab/shared/net/cidr";
import { gatewayAddress } from "@vpclab/shared/net/subnet-addresses";
import type { Subnet, SubnetType } from "@vpclab/shared/topology/topology";
import { Globe, Lock } from "lucide-react";
import { useEditorState } from "../../canvas/editor-context";
import { Segmented } from "../../ui/segmented";
import { TextField } from "../../ui/text-field";
import { Fact } from "./fact";
import { useUpdate } from "./use-update";

const TYPES = [
  { value: "public", label: "Public", icon: <Globe className="size-3.5 text-public" aria-hidden /> },
  { value: "private", label: "Private", icon: <Lock className="size-3.5 text-private" aria-hidden /> },
] as const;

export function SubnetFields({ subnet }: { readonly subnet: Subnet }) {
  const update = useUpdate("subnet", subnet.id, subnet.name);
  const vpc = useEditorState((state) => state.document.vpcs.find(({ id }) => id === subnet.vpcId));
  const hasGateway = useEditorState((state) => state.document.internetGateways.some(({ vpcId }) => vpcId === subnet.vpcId));
  const instances = useEditorState((state) => state.document.instances.filter(({ subnetId }) => subnetId === subnet.id).length);
  return (
    <>
      <TextField label="Name" value={subnet.name} commit={(name) => update({ name })} />
      <TextField label="CIDR" value={subnet.cidr} mono hint={`Inside ${vpc?.cidr ?? "its VPC"}`} commit={(cidr) => update({ cidr })} />
      <div className="flex flex-col gap-1">
        <span className="text-xs text-muted">Type</span>
        <Segmented<SubnetType> label="Type" value={subnet.type} options={TYPES} onChange={(type) => update({ type })} />
        <p className="text-xs text-muted">
          {subnet.type === "private" ? "No route out of the VPC except by a peering."
            : hasGateway ? "Its default route leads to the internet gateway."
            : <span className="text-warn">{`${vpc?.name ?? "The VPC"} has no internet gateway yet, so nothing gets out.`}</span>}
        </p>
      </div>
      <dl className="flex flex-col gap-1">
        <Fact label="VPC" value={vpc?.name ?? "?"} />
        <Fact label="Router" value={formatAddress(gatewayAddress(cidrFrom(subnet.cidr)))} copy />
        <Fact label="Instances" value={String(instances)} />
      </dl>
    </>
  );
}
