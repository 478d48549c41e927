// A press as an OPC UA server, made with node-opcua. Arguments: port (4840) and a folder for its certificates.
// Strokes follow each other, force and temperature with them; the press wears until the method Maintain is called, and tells of an alarm when it does.
"use strict";
const os = require("os");
const path = require("path");
const { OPCUAServer, OPCUACertificateManager, DataType, StatusCodes, standardUnits, coerceLocalizedText } = require("node-opcua");

const port = Number(process.argv[2] || 4840);
const folder = process.argv[3] || path.join(os.tmpdir(), "mlops-opcua-simulator");

async function main() {
  const certificates = new OPCUACertificateManager({ automaticallyAcceptUnknownCertificate: true, rootFolder: folder });
  await certificates.initialize();
  const server = new OPCUAServer({
    port, hostname: "localhost", alternateHostname: ["127.0.0.1", os.hostname()], serverCertificateManager: certificates,
    userManager: { isValidUser: (name, password) => name === "operator" && password === "operator" },
  });
  await server.initialize();
  const space = server.engine.addressSpace;
  const ns = space.registerNamespace("urn:mlops:demo:press");
  const press = ns.addObject({ organizedBy: space.rootFolder.objects, browseName: "Press", nodeId: "s=Press", eventSourceOf: space.rootFolder.objects.server });
  const analog = (name, low, high, unit) => ns.addAnalogDataItem({
    componentOf: press, browseName: name, nodeId: `s=${name}`, dataType: "Double", engineeringUnitsRange: { low, high }, engineeringUnits: unit, value: { dataType: DataType.Double, value: 0 },
  });
  const plain = (name, dataType, value) => ns.addVariable({ componentOf: press, browseName: name, nodeId: `s=${name}`, dataType, value: { dataType: DataType[dataType], value } });
  const force = analog("Force", 0, 200, standardUnits.newton);
  const temperature = analog("Temperature", 0, 120, standardUnits.degree_celsius);
  const stroke = plain("Stroke", "UInt32", 0);
  const good = plain("Good", "Boolean", true);
  plain("Verdict", "String", "");
  let wear = 0;
  ns.addMethod(press, { browseName: "Maintain", nodeId: "s=Maintain" }).bindMethod((_inputs, _context, done) => {
    wear = 0;
    done(null, { statusCode: StatusCodes.Good, outputArguments: [] });
  });

  let last = 0;
  let warned = false;
  setInterval(() => {
    const phase = (Date.now() % 1000) / 1000;
    const second = Math.floor(Date.now() / 1000);
    if (second !== last) {
      last = second;
      wear = Math.min(wear + 0.002, 1);
      stroke.setValueFromSource({ dataType: DataType.UInt32, value: stroke.readValue().value.value + 1 });
      good.setValueFromSource({ dataType: DataType.Boolean, value: Math.random() > wear * wear });
    }
    force.setValueFromSource({ dataType: DataType.Double, value: Math.max(0, Math.sin(phase * Math.PI * 2)) * (150 + 40 * wear) + Math.random() * 2 });
    temperature.setValueFromSource({ dataType: DataType.Double, value: 35 + 50 * wear + Math.random() });
    if (wear > 0.5 !== warned) {
      warned = !warned;
      press.raiseEvent("BaseEventType", {
        message: { dataType: DataType.LocalizedText, value: coerceLocalizedText(warned ? "The press is worn: call Maintain." : "The press is maintained.") },
        severity: { dataType: DataType.UInt16, value: warned ? 700 : 200 },
      });
    }
  }, 50);
  await server.start();
  console.log(`The press listens at opc.tcp://localhost:${port}`);
  process.on("SIGINT", async () => {
    await server.shutdown(0);
    process.exit(0);
  });
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
