"use client";

import { readPolicyText } from "@vpclab/shared/policy/read-policy-text";
import { subnetType } from "@vpclab/shared/topology/subnet-type";
import type { Subnet } from "@vpclab/shared/topology/topology";
import { FileUp } from "lucide-react";
import { useRef, useState } from "react";
import { useScene } from "../../canvas/state/editor-context";
import { Button } from "../../ui/button";
import { FileInput } from "../topologies/file-input";
import { problems, textOfFile } from "../topology-file";
import { useCommand } from "./use-update";

/** A policy file of the older tools in place of the subnet's firewall. One wrong rule refuses the whole file; then nothing changes. */
export function ImportPolicy({ subnet }: { readonly subnet: Subnet }) {
  const { index } = useScene();
  const command = useCommand();
  const input = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState<{ readonly bad: boolean; readonly text: string } | null>(null);

  const take = async (file: File): Promise<{ bad: boolean; text: string }> => {
    const subject = {
      vpc: index.vpcById.get(subnet.vpcId)?.name ?? "", subnet: subnet.name, subnetCidr: subnet.cidr, subnetType: subnetType(index, subnet), defaultAction: null,
    };
    const read = readPolicyText(await textOfFile(file), file.name, subject);
    if (!read.ok) return { bad: true, text: `${file.name} is not in force: ${problems(read.error)}` };
    const refused = command(`Import ${file.name}`, { op: "update", kind: "subnet", id: subnet.id, set: { firewall: read.value.firewall } });
    if (refused !== null) return { bad: true, text: refused };
    return { bad: false, text: [`${file.name} is drawn.`, ...read.value.notes].join(" ") };
  };
  return (
    <div className="flex flex-col gap-1">
      <div><Button size="sm" onClick={() => input.current?.click()}><FileUp className="size-3.5" aria-hidden />Import a policy file</Button></div>
      <FileInput
        ref={input}
        label="Policy file"
        onFile={(file) => void take(file).catch((thrown: unknown) => ({ bad: true, text: thrown instanceof Error ? thrown.message : "The file cannot be read." })).then(setSaid)}
      />
      {said ? <p role={said.bad ? "alert" : "status"} className={`text-xs ${said.bad ? "text-bad" : "text-muted"}`}>{said.text}</p> : null}
    </div>
  );
}
