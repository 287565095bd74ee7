"use client";

import type { HostInfo } from "@vpclab/shared/wire/live";
import { useEffect, useState } from "react";
import { useEditor } from "../canvas/state/editor-context";
import { SelectField } from "../ui/select-field";

/** On which of several hosts the topology is made real. With one host there is nothing to choose. */
export function HostChoice({ current }: { readonly current: string | null }) {
  const { api } = useEditor();
  const [hosts, setHosts] = useState<readonly HostInfo[]>([]);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    let open = true;
    api.hosts().then((known) => open && setHosts(known.filter(({ state }) => state === "approved")), () => undefined);
    return () => void (open = false);
  }, [api]);
  if (hosts.length === 0 || (hosts.length === 1 && hosts[0]?.id === current)) return null;
  const options = hosts.map(({ id, name, online }) => ({ value: id, label: online ? name : `${name} (offline)` }));
  const choose = (hostId: string) => {
    setError(null);
    api.chooseHost(hostId).catch((thrown: unknown) => setError(api.failureOf(thrown).message));
  };
  return (
    <div className="mt-3 border-t border-line pt-3">
      <SelectField
        label="Runs on"
        value={current ?? ""}
        options={hosts.some(({ id }) => id === current) ? options : [{ value: current ?? "", label: "choose a host", disabled: true }, ...options]}
        onChange={choose}
        error={error}
      />
    </div>
  );
}
