"use client";

import { Popover } from "radix-ui";
import { useLive } from "../canvas/state/editor-context";
import { hostAway } from "./host-away";
import { HostChoice } from "./host-choice";
import { useLooksOnly } from "./people/use-looks-only";

const MODES = {
  sandbox: "Sandbox: host and internet are simulated, the machine’s own network is not touched",
  host: "Host: the machine’s real network",
  rootless: "Sandbox without root",
} as const;

/** The Linux machine that becomes the drawing. */
export function HostBadge() {
  const host = useLive((live) => live.host);
  const heard = useLive((live) => live.heard);
  const deployment = useLive((live) => live.deployment);
  const looksOnly = useLooksOnly();
  const online = host?.online ?? false;
  const away = heard && host ? hostAway(host, deployment) : null;
  const words = !heard ? "connecting" : host ? (host.state === "approved" ? (online ? "online" : "offline") : host.state) : "no host";
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button type="button" aria-label={["Host", host?.name, away?.long ?? words].filter(Boolean).join(" ")} title={away?.long} className="flex h-8 items-center gap-2 rounded-box px-2 text-sm hover:bg-raised">
          <span aria-hidden className={`size-2 rounded-full ${online ? "bg-ok" : heard ? "bg-bad" : "bg-line-strong"}`} />
          <span className="max-w-40 truncate">{host?.name ?? "Host"}</span>{" "}
          <span className="max-w-64 truncate text-muted">{away?.short ?? words}</span>
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content align="start" sideOffset={4} className="z-50 w-80 rounded-box border border-line bg-surface p-4 text-sm shadow-lifted">
          {host ? (
            <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
              <dt className="text-muted">Host</dt><dd>{host.name}</dd>
              <dt className="text-muted">State</dt><dd>{host.state !== "approved" ? `${host.state}: see the Hosts page` : away?.long ?? "online"}</dd>
              <dt className="text-muted">Mode</dt><dd>{MODES[host.mode]}</dd>
              <dt className="text-muted">Addresses</dt><dd>{host.publicPool ? "has public addresses to give" : "none to give: gateways share the host’s own, ports are published"}</dd>
              <dt className="text-muted">Kernel</dt><dd className="numeric">{host.kernel}</dd>
            </dl>
          ) : (
            <p>{heard ? "No host is joined yet. Start an agent; this page notices it by itself." : "Connecting to the server."}</p>
          )}
          {looksOnly ? null : <HostChoice current={host?.id ?? null} />}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
