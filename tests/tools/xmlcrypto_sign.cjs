// node-saml/xml-crypto as an XMLDSig signer.   NODE_PATH=<dir>/node_modules node xmlcrypto_sign.cjs DOCUMENT OUT CASES
// CASES: lines "file key.pem certificate.pem signature-uri digest-uri form c14n-uri keyinfo".  form: enveloped, id, detached.
// keyinfo: leaf or none.
const { SignedXml } = require("xml-crypto"); const fs = require("fs"); const path = require("path");
const [document, out, cases] = process.argv.slice(2); const xml = fs.readFileSync(document, "utf8");
const ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
for (const line of fs.readFileSync(cases, "utf8").split("\n").filter(Boolean)) {
  const [file, key, cert, method, digest, form, c14n, info] = line.split(" ");
  try {
    const s = new SignedXml({ privateKey: fs.readFileSync(key), publicCert: fs.readFileSync(cert), signatureAlgorithm: method, canonicalizationAlgorithm: c14n });
    if (info === "none") s.getKeyInfoContent = () => null;
    const enveloped = form !== "detached";
    s.addReference({ xpath: enveloped ? "/*" : "//*[@Id='data']", transforms: enveloped ? [ENVELOPED, c14n] : [c14n], digestAlgorithm: digest, uri: form === "enveloped" ? "" : undefined, isEmptyUri: form === "enveloped" });
    s.computeSignature(xml); fs.writeFileSync(path.join(out, file), s.getSignedXml());
  } catch (e) { console.log(file + "\t" + e.message); }
}
