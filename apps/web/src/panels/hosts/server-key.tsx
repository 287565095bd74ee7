"use client";

import type { HostsOverview } from "@vpclab/shared/wire/api";
import { useState } from "react";
import { Button } from "../../ui/button";
import { ConfirmDialog } from "../../ui/dialog";

/** The key that signs what hosts are asked to do. */
export function ServerKey({ serverKey: { fingerprint, version }, onRotate }: { readonly serverKey: HostsOverview["serverKey"]; readonly onRotate: () => void }) {
  const [asking, setAsking] = useState(false);
  return (
    <section aria-label="Key of this server" className="mt-8 flex items-center gap-3 border-t border-line pt-4 text-sm">
      <div className="min-w-0">
        <p className="text-xs text-muted">Key of this server, which signs every job</p>
        <p><span className="numeric">{fingerprint}</span>, key set {version}</p>
      </div>
      <span className="ml-auto"><Button onClick={() => setAsking(true)}>Replace key</Button></span>
      <ConfirmDialog open={asking} onClose={() => setAsking(false)} onConfirm={onRotate} title="Replace the key of this server?" action="Replace">
        <p>Every host is told by the key before and follows by itself, also one that is away now. Join tokens that were not used yet are worth nothing.</p>
        <p className="mt-2">If somebody else may have the key: replace it, then apply every topology again. A host that the other one has reached first has to be enrolled anew.</p>
      </ConfirmDialog>
    </section>
  );
}
