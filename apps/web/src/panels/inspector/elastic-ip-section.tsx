"use client";

import { associateElasticIp, newElasticIp } from "@vpclab/shared/topology/new-object";
import type { SingleCommand } from "@vpclab/shared/topology/edit-command";
import { useState } from "react";
import { useEditorState, useLive, useScene } from "../../canvas/state/editor-context";
import { objectName } from "../../canvas/scene/object-name";
import { randomBytes } from "../../canvas/gestures/random-bytes";
import { Button } from "../../ui/button";
import { ErrorLine } from "../../ui/error-line";
import { Section } from "../../ui/section";
import { ObjectList, ObjectRow } from "./object-row";
import { useCommand } from "./use-update";

interface ElasticIpSectionProps {
  readonly target: { readonly kind: "instance" | "nat-gateway"; readonly id: string };
  readonly name: string;
  /** Said where it has none. */
  readonly empty: string;
}

const NEW = "new";

/** The Elastic IP of an instance or NAT gateway: associate one, let it go, or release it for good. */
export function ElasticIpSection({ target, name, empty }: ElasticIpSectionProps) {
  const { index } = useScene();
  const document = useEditorState((state) => state.document);
  const addresses = useLive(({ deployment }) => deployment.publicAddresses);
  const command = useCommand();
  const [error, setError] = useState<string | null>(null);
  const current = index.elasticIpOf(target.id);

  const associate = (choice: string) => {
    if (choice !== NEW) return setError(command(`Associate ${document.elasticIps.find(({ id }) => id === choice)?.name ?? "Elastic IP"}`, associateElasticIp(document, choice, target)));
    const made = newElasticIp(document, randomBytes);
    const commands: SingleCommand[] = [made.command as SingleCommand, { op: "update", kind: "elastic-ip", id: made.id, set: { target } }];
    return setError(command(`Allocate an Elastic IP for ${name}`, { op: "batch", commands }));
  };

  return (
    <Section title="Elastic IP">
      {current ? (
        <>
          <ObjectList label="Elastic IP">{[<ObjectRow key={current.id} id={current.id} note={addresses[current.id] ?? "address at the next apply"} />]}</ObjectList>
          <div className="flex gap-2 px-2">
            <Button size="sm" onClick={() => setError(command(`Disassociate ${current.name}`, associateElasticIp(document, current.id, null)))}>Disassociate</Button>
            <Button size="sm" look="danger" onClick={() => setError(command(`Release ${current.name}`, { op: "delete", id: current.id }))}>Release</Button>
          </div>
        </>
      ) : (
        <>
          <p className="px-2 text-xs text-muted">{empty}</p>
          <select
            aria-label="Associate an Elastic IP"
            value=""
            onChange={(event) => associate(event.target.value)}
            className="mx-2 h-8 rounded-box border border-line bg-surface px-1.5 text-sm hover:border-line-strong"
          >
            <option value="" disabled>Associate an Elastic IP</option>
            <option value={NEW}>Allocate a new one</option>
            {document.elasticIps.map((ip) => (
              <option key={ip.id} value={ip.id}>{`${ip.name}${ip.target ? ` (moves from ${objectName(index, ip.target.id) ?? "?"})` : ""}`}</option>
            ))}
          </select>
        </>
      )}
      {error ? <ErrorLine>{error}</ErrorLine> : null}
    </Section>
  );
}
