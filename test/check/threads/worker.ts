import { parentPort, workerData } from "node:worker_threads";
import { serveExploration } from "../../../lib/check/parallel-worker.js";
import { kip101 } from "../models/kip-101.js";
import { kip320 } from "../models/kip-320.js";

const port = parentPort;
if (port === null) throw new Error("this file runs as a worker");
serveExploration(workerData === "kip320" ? kip320() : kip101(), [], {
  post: (message) => port.postMessage(message),
  listen: (onMessage) => void port.on("message", onMessage),
  close: () => port.close(),
});
