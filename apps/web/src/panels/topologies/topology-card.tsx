"use client";

import type { Me, TopologySummary } from "@vpclab/shared/wire/api";
import type { DeploymentState } from "@vpclab/shared/wire/live";
import { Copy, MoreHorizontal, Pencil, Trash2 } from "lucide-react";
import Link from "next/link";
import { Menu, MenuItem, MenuSeparator } from "../../ui/menu";
import { StateMark } from "../../ui/state-mark";
import { formatAgo } from "../../ui/format-ago";
import { countOf } from "../../canvas/scene/object-counts";

interface TopologyCardProps {
  readonly topology: TopologySummary;
  /** Who looks; undefined while that is not known. */
  readonly me: Me | undefined;
  /** When the list was loaded, milliseconds. */
  readonly now: number;
  readonly onRename: () => void;
  readonly onDuplicate: () => void;
  readonly onDelete: () => void;
}

const STATES: Readonly<Record<DeploymentState, { readonly mark: "absent" | "pending" | "applying" | "in-place" | "failed" | "drifted"; readonly words: string }>> = {
  empty: { mark: "absent", words: "not applied" },
  applying: { mark: "applying", words: "applying" },
  "in-place": { mark: "in-place", words: "in place" },
  failed: { mark: "failed", words: "failed" },
  drifted: { mark: "drifted", words: "drifted" },
  stopped: { mark: "pending", words: "cancelled half-way" },
  unknown: { mark: "absent", words: "state unknown" },
};

export function TopologyCard({ topology, me, now, onRename, onDuplicate, onDelete }: TopologyCardProps) {
  const { deployment } = topology;
  const behind = deployment.state === "in-place" && deployment.revision < topology.revision;
  const { mark, words } = STATES[deployment.state];
  return (
    <li aria-label={topology.name} className="relative rounded-box border border-line bg-surface p-4 transition-colors duration-100 focus-within:border-line-strong hover:border-accent">
      <p className="truncate pr-8 font-medium">
        {/* The whole card opens it: the link's own box is as large as the card. */}
        <Link href={`/t/${topology.id}`} className="after:absolute after:inset-0 after:rounded-box"><span className="sr-only">Open </span>{topology.name}</Link>
        {me && topology.owner !== me.name ? <span className="ml-2 text-xs font-normal text-muted">{`of ${topology.owner}`}</span> : null}
      </p>
      <p className="mt-3 text-sm text-muted">
        {[countOf(topology.vpcs, "VPC"), countOf(topology.subnets, "subnet"), countOf(topology.instances, "instance")].join(" · ")}
      </p>
      <div className="mt-4 flex items-center justify-between border-t border-line pt-3 text-xs text-muted">
        <span className="flex items-center gap-1.5">
          <StateMark state={behind ? "pending" : mark} />
          {behind ? "changed since it was applied" : words}
        </span>
        <time dateTime={topology.updatedAt} title={new Date(topology.updatedAt).toLocaleString()}>{formatAgo(Date.parse(topology.updatedAt), now)}</time>
      </div>
      {me?.role === "viewer" ? null : <div className="absolute top-2.5 right-2.5 z-10">
        <Menu
          align="end"
          trigger={<button type="button" aria-label={`Actions for ${topology.name}`} className="flex size-8 items-center justify-center rounded-box text-muted hover:bg-raised"><MoreHorizontal className="size-4" /></button>}
        >
          <MenuItem icon={<Pencil className="size-4" />} onSelect={onRename}>Rename</MenuItem>
          <MenuItem icon={<Copy className="size-4" />} onSelect={onDuplicate}>Duplicate</MenuItem>
          <MenuSeparator />
          <MenuItem danger icon={<Trash2 className="size-4" />} onSelect={onDelete}>Delete</MenuItem>
        </Menu>
      </div>}
    </li>
  );
}
