import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { courseServices } from "../server/course-services.js";
import { type RunningServer, serve } from "../server/serve.js";
import { addExamples, type Cli, exitCodes, UserError } from "./cli.js";
import { courseFolder } from "./course-folder.js";

interface LearnFlags {
  readonly port?: string;
  readonly host?: string;
  readonly allowRemote?: true;
  readonly folder?: string;
  readonly open: boolean;
  readonly json?: true;
}

export function define(command: Command, cli: Cli): void {
  command
    .option("--port <number>", "insist on this port; default: the first free one from 8092 on")
    .option("--folder <path>", "where your copies and answers are kept; default: .highwater in the course's folder")
    .option("--no-open", "do not open a browser")
    .option("--host <address>", "listen on another address than 127.0.0.1; needs --allow-remote and a password")
    .option("--allow-remote", "let other machines in; the password is read from HIGHWATER_PASSWORD")
    .option("--json", "print one JSON document with the address instead of a sentence")
    .action((flags: LearnFlags) => learn(flags, cli));
  addExamples(command, [
    ["highwater learn", "serve the lessons and open a browser"],
    ["highwater learn --port 9000 --no-open", "on a port of your choice, without opening anything"],
  ]);
}

async function learn(flags: LearnFlags, cli: Cli): Promise<void> {
  const course = courseFolder(cli.folder);
  const learnerFolder = resolve(cli.folder, flags.folder ?? join(course, ".highwater"));
  const password = process.env.HIGHWATER_PASSWORD;
  let server: RunningServer;
  try {
    server = await serve({
      notebooksFolder: join(course, "notebooks"),
      learnerFolder,
      services: courseServices({ exercisesFolder: join(course, "exercises"), learnerFolder }),
      ...(flags.port === undefined ? {} : { port: portFrom(flags.port) }),
      ...(flags.host === undefined ? {} : { host: flags.host }),
      ...(flags.allowRemote === true ? { allowRemote: true } : {}),
      ...(password === undefined ? {} : { password }),
    });
  } catch (error) {
    // What the server refuses, it refuses in words for the learner.
    throw new UserError(error instanceof Error ? error.message : String(error));
  }
  if (flags.json === true)
    cli.out(`${JSON.stringify({ format: "highwater-address", version: 1, url: server.url, port: server.port })}\n`);
  else
    cli.out(
      `Highwater is ready: ${cli.colors.underline(server.url)}\nCtrl-C ends it; your work is in ${learnerFolder}.\n`,
    );
  if (flags.open && cli.isTerminal) openBrowser(server.url);
  await untilAskedToStop();
  await server.close();
  cli.finish(exitCodes.ok);
  // A kernel's sockets may linger; everything is saved.
  process.exit();
}

function portFrom(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UserError(`--port takes a number from 0 to 65535, not "${text}"`);
  return port;
}

/** Opens the page where the system has a way to; without one the printed address does. */
function openBrowser(url: string): void {
  const [program, ...rest] =
    process.platform === "darwin" ? ["open"] : process.platform === "win32" ? ["cmd", "/c", "start", ""] : ["xdg-open"];
  if (program === undefined) return;
  const child = spawn(program, [...rest, url], { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
}

function untilAskedToStop(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => done());
  });
}
