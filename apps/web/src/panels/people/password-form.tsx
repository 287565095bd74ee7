"use client";

import { useQueryClient } from "@tanstack/react-query";
import type { Account } from "@vpclab/shared/wire/people";
import { useState } from "react";
import { toast } from "sonner";
import { useTRPCClient } from "../../trpc/trpc";
import { Button } from "../../ui/button";
import { ErrorLine } from "../../ui/error-line";
import { FormField } from "./form-field";
import { Panel } from "./panel";
import { useForm } from "./use-form";

/** Who came by a one-time link chooses a new password without the old one. */
export function PasswordForm({ account }: { readonly account: Account }) {
  const client = useTRPCClient();
  const queries = useQueryClient();
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const form = useForm(async () => {
    await client.account.changePassword.mutate({ current: account.byLink ? null : current, password });
    setCurrent("");
    setPassword("");
    toast("The password is changed. Your other sessions have ended.");
    await queries.invalidateQueries();
  });
  return (
    <Panel title="Password" text={account.byLink ? "A link signed you in, so you can choose a password without the one before." : undefined}>
      <form method="post" onSubmit={form.submit} className="flex flex-col gap-4 p-4 sm:max-w-sm">
        <input type="hidden" autoComplete="username" value={account.name} readOnly />
        {account.byLink ? null : <FormField label="Current password" type="password" value={current} onChange={setCurrent} autoComplete="current-password" required error={form.errorOf("current")} />}
        <FormField label="New password" type="password" value={password} onChange={setPassword} autoComplete="new-password" required hint="At least 12 characters." error={form.errorOf("password")} />
        {form.error ? <ErrorLine>{form.error}</ErrorLine> : null}
        <Button type="submit" disabled={!form.ready} className="self-start">{account.hasPassword ? "Change password" : "Set password"}</Button>
      </form>
    </Panel>
  );
}
