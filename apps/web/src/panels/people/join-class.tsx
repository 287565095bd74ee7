"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC, useTRPCClient } from "../../trpc/trpc";
import { Button } from "../../ui/button";
import { FormField } from "./form-field";
import { Panel } from "./panel";
import { useForm } from "./use-form";

export function JoinClass() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const { data: classes = [] } = useQuery(trpc.class.list.queryOptions());
  const [code, setCode] = useState("");
  const form = useForm(async () => {
    await client.class.join.mutate({ code: code.trim() });
    setCode("");
    await queries.invalidateQueries();
  });
  return (
    <Panel title="Classes" text="Instructors of your classes see and change your topologies; viewers see them.">
      <ul>
        {classes.map(({ id, name, instructor }) => (
          <li key={id} className="flex justify-between gap-4 border-b border-line px-4 py-2.5 text-sm"><span className="font-medium">{name}</span><span className="text-muted">{instructor}</span></li>
        ))}
      </ul>
      <form method="post" onSubmit={form.submit} className="flex items-start gap-2 p-4">
        <div className="w-56"><FormField label="Code of a class" value={code} onChange={setCode} required placeholder="ABCDE-23456" className="numeric uppercase placeholder:opacity-50" error={form.errorOf("code") ?? form.error} /></div>
        <Button type="submit" disabled={!form.ready} className="mt-5 h-9">Join</Button>
      </form>
    </Panel>
  );
}
