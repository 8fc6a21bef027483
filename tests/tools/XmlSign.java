// Signs XML with two engines, Apache Santuario and the JDK's javax.xml.crypto.dsig, in every combination that a test asks for.
// java -cp xmlsec.jar:slf4j-api.jar:slf4j-nop.jar:commons-codec.jar:bcprov.jar XmlSign.java KEYS DOCUMENT OUT CASES
// KEYS: folder with NAME.p12 (password "test"). CASES: lines "file engine key signature-uri digest-uri form c14n-uri|- keyinfo prefixes|-".
// form: enveloped, enveloping, detached (the element whose Id is "data"). c14n "-": no canonicalisation among the transforms.
import java.io.*; import java.nio.file.*; import java.security.*; import java.security.cert.*; import java.util.*;
import javax.xml.crypto.*; import javax.xml.crypto.dom.*; import javax.xml.crypto.dsig.*; import javax.xml.crypto.dsig.dom.*;
import javax.xml.crypto.dsig.keyinfo.*; import javax.xml.crypto.dsig.spec.*;
import javax.xml.parsers.*; import javax.xml.transform.*; import javax.xml.transform.dom.*; import javax.xml.transform.stream.*;
import org.w3c.dom.*;

public class XmlSign {
  static final String DSIG = "http://www.w3.org/2000/09/xmldsig#", INC = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
  static final XMLSignatureFactory FACTORY = XMLSignatureFactory.getInstance("DOM");

  record Key(PrivateKey key, List<X509Certificate> chain) {}
  record Case(String file, String engine, String key, String method, String digest, String form, String c14n, String info, List<String> prefixes) {
    String signedInfoMethod() { return c14n.equals("-") ? INC : c14n; }
  }

  static Key load(Path file) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12"); char[] pin = "test".toCharArray();
    try (InputStream in = Files.newInputStream(file)) { store.load(in, pin); }
    String alias = store.aliases().nextElement(); List<X509Certificate> chain = new ArrayList<>();
    for (java.security.cert.Certificate c : store.getCertificateChain(alias)) chain.add((X509Certificate) c);
    return new Key((PrivateKey) store.getKey(alias, pin), chain);
  }

  static Element data(Document d) {
    NodeList all = d.getElementsByTagName("*");
    for (int i = 0; i < all.getLength(); i++) { Element e = (Element) all.item(i); if (e.getAttribute("Id").equals("data")) { e.setIdAttribute("Id", true); return e; } }
    throw new IllegalStateException("no data");
  }

  static byte[] keyId(X509Certificate c) { byte[] raw = c.getExtensionValue("2.5.29.14"); return Arrays.copyOfRange(raw, 4, raw.length); }

  static Document jdk(DocumentBuilder b, Document d, Case c, Key k) throws Exception {
    String uri = c.form.equals("enveloped") ? "" : c.form.equals("enveloping") ? "#o" : "#data";
    List<Transform> steps = new ArrayList<>();
    if (c.form.equals("enveloped")) steps.add(FACTORY.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null));
    ExcC14NParameterSpec spec = c.prefixes.isEmpty() ? null : new ExcC14NParameterSpec(c.prefixes);
    if (!c.c14n.equals("-")) steps.add(FACTORY.newTransform(c.c14n, spec));
    Reference r = FACTORY.newReference(uri, FACTORY.newDigestMethod(c.digest, null), steps, null, null);
    SignatureMethod method = c.method.endsWith("#rsa-pss") ? FACTORY.newSignatureMethod(c.method, pss(c.digest)) : FACTORY.newSignatureMethod(c.method, null);
    SignedInfo si = FACTORY.newSignedInfo(FACTORY.newCanonicalizationMethod(c.signedInfoMethod(), spec), method, List.of(r));
    KeyInfoFactory kif = FACTORY.getKeyInfoFactory(); X509Certificate leaf = k.chain.get(0); List<XMLStructure> held = new ArrayList<>();
    List<Object> x = new ArrayList<>();
    for (String part : c.info.split("\\+")) switch (part) {
      case "none" -> {}
      case "leaf" -> x.add(leaf);
      case "chain" -> x.addAll(k.chain);
      case "reversed" -> { List<X509Certificate> other = new ArrayList<>(k.chain); Collections.reverse(other); x.addAll(other); }
      case "subject" -> x.add(leaf.getSubjectX500Principal().getName());
      case "serial" -> x.add(kif.newX509IssuerSerial(leaf.getIssuerX500Principal().getName(), leaf.getSerialNumber()));
      case "ski" -> x.add(keyId(leaf));
      case "name" -> held.add(kif.newKeyName("khóa thử"));
      case "value" -> held.add(kif.newKeyValue(leaf.getPublicKey()));
      default -> throw new IllegalArgumentException(part);
    }
    if (!x.isEmpty()) held.add(kif.newX509Data(x));
    KeyInfo ki = held.isEmpty() ? null : kif.newKeyInfo(held);
    List<XMLObject> objects = new ArrayList<>(); Node place = d.getDocumentElement();
    if (c.form.equals("enveloping")) {
      Document out = b.newDocument(); Node copy = out.importNode(d.getDocumentElement(), true);
      objects.add(FACTORY.newXMLObject(List.of(new DOMStructure(copy)), "o", null, null)); d = out; place = out;
    } else if (c.form.equals("detached")) data(d);
    DOMSignContext context = new DOMSignContext(k.key, place);
    FACTORY.newXMLSignature(si, ki, objects, "S", "V").sign(context);
    return d;
  }

  static SignatureMethodParameterSpec pss(String digest) {
    String name = digest.contains("sha512") ? "SHA-512" : digest.contains("sha384") ? "SHA-384" : "SHA-256"; int salt = Integer.parseInt(name.substring(4)) / 8;
    java.security.spec.MGF1ParameterSpec mgf = new java.security.spec.MGF1ParameterSpec(name);
    return new RSAPSSParameterSpec(new java.security.spec.PSSParameterSpec(name, "MGF1", mgf, salt, 1));
  }

  static Document santuario(DocumentBuilder b, Document d, Case c, Key k) throws Exception {
    Document out = c.form.equals("enveloping") ? b.newDocument() : d;
    org.apache.xml.security.signature.XMLSignature s = new org.apache.xml.security.signature.XMLSignature(out, "", c.method, c.signedInfoMethod());
    s.setId("S");
    (c.form.equals("enveloping") ? out : out.getDocumentElement()).appendChild(s.getElement());
    org.apache.xml.security.transforms.Transforms t = new org.apache.xml.security.transforms.Transforms(out); boolean any = false;
    if (c.form.equals("enveloped")) { t.addTransform(DSIG + "enveloped-signature"); any = true; }
    if (!c.c14n.equals("-")) {
      any = true;
      if (c.prefixes.isEmpty()) t.addTransform(c.c14n);
      else t.addTransform(c.c14n, new org.apache.xml.security.transforms.params.InclusiveNamespaces(out, new HashSet<>(c.prefixes)).getElement());
    }
    String uri = c.form.equals("enveloped") ? "" : c.form.equals("enveloping") ? "#o" : "#data";
    if (c.form.equals("enveloping")) {
      org.apache.xml.security.signature.ObjectContainer o = new org.apache.xml.security.signature.ObjectContainer(out);
      o.setId("o"); o.appendChild(out.importNode(d.getDocumentElement(), true)); s.appendObject(o);
    } else if (c.form.equals("detached")) data(out);
    s.addDocument(uri, any ? t : null, c.digest);
    X509Certificate leaf = k.chain.get(0); org.apache.xml.security.keys.content.X509Data x = new org.apache.xml.security.keys.content.X509Data(out); boolean filled = false;
    for (String part : c.info.split("\\+")) switch (part) {
      case "none" -> {}
      case "leaf" -> { x.addCertificate(leaf); filled = true; }
      case "chain" -> { for (X509Certificate one : k.chain) x.addCertificate(one); filled = true; }
      case "reversed" -> { for (int i = k.chain.size() - 1; i >= 0; i--) x.addCertificate(k.chain.get(i)); filled = true; }
      case "subject" -> { x.addSubjectName(leaf); filled = true; }
      case "serial" -> { x.addIssuerSerial(leaf.getIssuerX500Principal().getName(), leaf.getSerialNumber()); filled = true; }
      case "ski" -> { x.addSKI(leaf); filled = true; }
      case "digest" -> { x.addDigest(leaf, "http://www.w3.org/2001/04/xmlenc#sha256"); filled = true; }
      case "name" -> s.getKeyInfo().addKeyName("khóa thử");
      case "value" -> s.addKeyInfo(leaf.getPublicKey());
      default -> throw new IllegalArgumentException(part);
    }
    if (filled) s.getKeyInfo().add(x);
    s.sign(k.key);
    return out;
  }

  public static void main(String[] a) throws Exception {
    org.apache.xml.security.Init.init();
    Security.addProvider((Provider) Class.forName("org.bouncycastle.jce.provider.BouncyCastleProvider").getDeclaredConstructor().newInstance());
    DocumentBuilderFactory f = DocumentBuilderFactory.newInstance(); f.setNamespaceAware(true); DocumentBuilder b = f.newDocumentBuilder();
    Transformer write = TransformerFactory.newInstance().newTransformer(); Map<String, Key> keys = new HashMap<>();
    for (String line : Files.readAllLines(Path.of(a[3]))) {
      String[] p = line.split(" ");
      Case c = new Case(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8].equals("-") ? List.of() : List.of(p[8].split(",")));
      Key k = keys.get(c.key); if (k == null) { k = load(Path.of(a[0], c.key + ".p12")); keys.put(c.key, k); }
      try {
        Document d = b.parse(new File(a[1])); Document made = c.engine.equals("jdk") ? jdk(b, d, c, k) : santuario(b, d, c, k);
        try (OutputStream out = Files.newOutputStream(Path.of(a[2], c.file))) { write.transform(new DOMSource(made), new StreamResult(out)); }
      } catch (Exception e) { System.out.println(c.file + "\t" + e); }
    }
  }
}
