"use client";

import type { HostDetails } from "@vpclab/shared/wire/api";
import clsx from "clsx";
import type { ReactNode } from "react";
import { Button } from "../../ui/button";
import { CopyButton } from "../../ui/copy-button";
import { ErrorLine } from "../../ui/error-line";
import { formatAgo } from "../../ui/format-ago";
import { StateMark } from "../../ui/state-mark";
import { HostChecks } from "./host-checks";
import { HostLoad, HostMemory } from "./host-load";
import { shownState } from "./host-state";
import { HostTopologies } from "./host-topologies";
import type { HostActions } from "./use-host-actions";

interface HostCardProps {
  readonly host: HostDetails;
  /** By the server's clock, milliseconds. */
  readonly now: number;
  readonly actions: HostActions;
  /** Asks first. */
  readonly onRevoke: () => void;
}

const MODES = { sandbox: "sandbox", host: "the machine’s real network", rootless: "sandbox without root" } as const;

/** One machine: what it is, what runs on it, and what an administrator can do about it. */
export function HostCard({ host, now, actions, onRevoke }: HostCardProps) {
  const { mark, words } = shownState(host);
  return (
    <li aria-label={host.name} className={`rounded-box border bg-surface p-4 ${host.state === "locked" ? "border-bad" : "border-line"}`}>
      <div className="flex min-h-8 items-center gap-3">
        <StateMark state={mark} />
        <h2 className="truncate font-medium">{host.name}</h2>
        <span className="text-sm text-muted">{words}{host.local ? " · beside this server" : ""}</span>
        <span className="ml-auto flex gap-2"><Actions host={host} actions={actions} onRevoke={onRevoke} /></span>
      </div>
      {host.state === "pending" ? (
        <p className="mt-3 rounded-box bg-busy-soft px-3 py-2 text-sm">
          Its agent has printed a fingerprint. Approve only if it is the one below, group by group.
        </p>
      ) : null}
      {host.lockReason ? <div className="mt-3"><ErrorLine>{`${host.lockReason} Nothing is sent to it. Stop the copy, then unlock; whichever agent comes first goes on.`}</ErrorLine></div> : null}
      <dl className="mt-3 grid grid-cols-[repeat(auto-fit,minmax(176px,1fr))] gap-x-6 gap-y-2 border-t border-line pt-3 text-sm">
        <Fact wide label="Load (1, 5, 15 min)">{host.load ? <HostLoad load={host.load} /> : host.online ? "not told yet" : "away"}</Fact>
        <Fact label="Memory in use">{host.load ? <HostMemory load={host.load} /> : host.online ? "not told yet" : "away"}</Fact>
        <Fact label="Mode">{MODES[host.mode]}</Fact>
        <Fact label="Agent, kernel"><span className="numeric">{host.version === "" ? "never connected" : `${host.version}, ${host.kernel}`}</span></Fact>
        <Fact label="Last seen">{host.online ? "now" : host.lastSeenAt === null ? "never" : formatAgo(host.lastSeenAt, now)}</Fact>
        <div className="col-span-full">
          <dt className="text-xs text-muted">Fingerprint of its key</dt>
          <dd className="numeric flex items-center gap-1">{host.fingerprint}<CopyButton text={host.fingerprint} label="Copy fingerprint" /></dd>
        </div>
      </dl>
      <div className="mt-3 flex flex-col gap-3 border-t border-line pt-3">
        <HostTopologies topologies={host.deployments} online={host.online} now={now} />
        {host.checks || host.online ? <HostChecks found={host.checks} now={now} onLook={host.online ? () => actions.check(host.id) : null} /> : null}
      </div>
    </li>
  );
}

function Actions({ host: { id, state, topologies }, actions, onRevoke }: Pick<HostCardProps, "host" | "actions" | "onRevoke">) {
  switch (state) {
    case "pending":
      return (
        <>
          <Button onClick={() => actions.reject(id)}>Reject</Button>
          <Button look="primary" onClick={() => actions.approve(id)}>Approve</Button>
        </>
      );
    case "locked":
      return (
        <>
          <Button look="danger" onClick={onRevoke}>Revoke</Button>
          <Button look="primary" onClick={() => actions.unlock(id)}>Unlock</Button>
        </>
      );
    case "approved":
      return <Button look="danger" onClick={onRevoke}>Revoke</Button>;
    case "revoked":
      return (
        <Button disabled={topologies.length > 0} title={topologies.length > 0 ? "Choose another host for its topologies first" : undefined} onClick={() => actions.remove(id)}>
          Remove
        </Button>
      );
  }
}

const Fact = ({ label, wide, children }: { readonly label: string; readonly wide?: true; readonly children: ReactNode }) => (
  <div className={clsx("min-w-0", wide && "col-span-2")}>
    <dt className="text-xs text-muted">{label}</dt>
    <dd className="min-w-0 break-words">{children}</dd>
  </div>
);
