"use client";

import type { TopologySummary } from "@vpclab/shared/wire/api";
import { ConfirmDialog } from "../../ui/dialog";
import { countOf } from "../../canvas/scene/object-counts";

interface DeleteTopologyDialogProps {
  readonly topology: TopologySummary | null;
  readonly onClose: () => void;
  readonly onDelete: (id: string) => void;
}

export function DeleteTopologyDialog({ topology, onClose, onDelete }: DeleteTopologyDialogProps) {
  const applied = topology !== null && topology.deployment.state !== "empty" && topology.deployment.state !== "unknown";
  return (
    <ConfirmDialog open={topology !== null} onClose={onClose} onConfirm={() => (topology ? onDelete(topology.id) : undefined)} title={`Delete ${topology?.name ?? ""}?`} action="Delete">
      {topology ? (
        <>
          <p>{`This deletes the drawing with ${countOf(topology.vpcs, "VPC")}, ${countOf(topology.subnets, "subnet")} and ${countOf(topology.instances, "instance")}, and all its revisions.`}</p>
          {applied ? <p className="mt-2 text-warn">It is applied: tear it down first, so that nothing of it stays on the host.</p> : null}
        </>
      ) : null}
    </ConfirmDialog>
  );
}
