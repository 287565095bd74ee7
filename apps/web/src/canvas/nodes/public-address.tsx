import { Globe } from "lucide-react";
import type { ElasticIp } from "@vpclab/shared/topology/topology";
import { useLive } from "../state/editor-context";
import { ObjectChip } from "./object-chip";

interface PublicAddressProps {
  /** The instance or NAT gateway. */
  readonly id: string;
  readonly elasticIp: ElasticIp | undefined;
  /** Said where there is no address and one would be needed. */
  readonly missing?: string;
}

/** The public address of a card: its Elastic IP's, or the one that it got by itself. Which one, the host says when it is applied. */
export function PublicAddress({ id, elasticIp, missing }: PublicAddressProps) {
  const address = useLive(({ deployment }) => deployment.publicAddresses[elasticIp?.id ?? id]);
  if (elasticIp) {
    return (
      <ObjectChip id={elasticIp.id} kind="elastic-ip" name={elasticIp.name} title={`Elastic IP ${elasticIp.name}${address ? ` ${address}` : ", address given when it is applied"}`} className="numeric max-w-full !text-public">
        <Globe className="size-3 shrink-0" aria-hidden />
        <span className="truncate">{address ?? elasticIp.name}</span>
      </ObjectChip>
    );
  }
  if (address) {
    return (
      <span title="Public address" className="legible-sm numeric inline-flex items-center gap-1 truncate text-public">
        <Globe className="size-3 shrink-0" aria-hidden />
        {address}
      </span>
    );
  }
  return missing ? <span className="legible-sm truncate text-warn">{missing}</span> : null;
}
