"use client";

import type { SecurityGroup } from "@vpclab/shared/topology/topology";
import { LIMITS } from "@vpclab/shared/topology/topology";
import { ExternalLink } from "lucide-react";
import { useState } from "react";
import { useEditor } from "../../canvas/state/editor-context";
import { select } from "../../canvas/state/editor-store";
import { IconButton } from "../../ui/icon-button";
import { Section } from "../../ui/section";

interface GroupChoiceProps {
  readonly groups: readonly SecurityGroup[];
  readonly chosen: readonly string[];
  readonly change: (ids: string[]) => string | null;
}

/** One to five groups of the VPC; the rules of all of them together are in force. */
export function GroupChoice({ groups, chosen, change }: GroupChoiceProps) {
  const { editor } = useEditor();
  const [error, setError] = useState<string | null>(null);
  const isFull = chosen.length >= LIMITS.groupsPerInstance;
  return (
    <Section title={`Security groups, ${chosen.length} of at most ${LIMITS.groupsPerInstance}`}>
      <ul aria-label="Security groups" className="flex flex-col">
        {groups.map(({ id, name }) => {
          const has = chosen.includes(id);
          return (
            <li key={id} className="flex items-center gap-1 rounded-box hover:bg-raised">
              <label className="flex h-8 min-w-0 flex-1 items-center gap-2 px-2 text-sm">
                <input
                  type="checkbox"
                  checked={has}
                  disabled={!has && isFull}
                  className="accent-accent"
                  onChange={() => setError(change(has ? chosen.filter((other) => other !== id) : [...chosen, id]))}
                />
                <span className="truncate">{name}</span>
              </label>
              <IconButton label={`Open security group ${name}`} icon={<ExternalLink className="size-3.5" />} className="!size-7" onClick={() => select(editor, [id])} />
            </li>
          );
        })}
      </ul>
      {error ? <p role="alert" className="px-2 text-xs text-bad">{error}</p> : null}
    </Section>
  );
}
