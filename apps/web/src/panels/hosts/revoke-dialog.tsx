"use client";

import type { HostDetails } from "@vpclab/shared/wire/api";
import { ConfirmDialog } from "../../ui/dialog";

interface RevokeDialogProps {
  readonly host: HostDetails | null;
  readonly onClose: () => void;
  readonly onRevoke: (id: string) => void;
}

export function RevokeDialog({ host, onClose, onRevoke }: RevokeDialogProps) {
  const names = host?.topologies ?? [];
  return (
    <ConfirmDialog open={host !== null} onClose={onClose} onConfirm={() => (host ? onRevoke(host.id) : undefined)} title={`Revoke ${host?.name ?? ""}?`} action="Revoke">
      <p>Its key is worth nothing from now on and its connection ends at once. To come back it has to join anew, with another token.</p>
      {names.length > 0 ? (
        <p className="mt-2 text-warn">
          {`On it: ${names.join(", ")}. What stands there stays on the machine, out of this server’s reach; tear it down first if you can.`}
        </p>
      ) : null}
    </ConfirmDialog>
  );
}
