// Independent XMLDSig check with two engines: Apache Santuario (libxml-security-java) or the JDK's javax.xml.crypto.dsig.
// java -cp /usr/share/java/xmlsec.jar:/usr/share/java/slf4j-api.jar:/usr/share/java/slf4j-nop.jar:/usr/share/java/commons-codec.jar \
//   (add /usr/share/java/bcprov.jar for RSA-PSS under Santuario)  XmlPeer.java {santuario|jdk} [-files] [-cert PEM] FILE...
// Key: -cert, else KeyInfo X509Certificate (the one matching nothing else: first), else KeyInfo KeyValue.  Every attribute whose local name is id (any case, any namespace) is an ID.
import javax.xml.parsers.*; import org.w3c.dom.*; import java.io.*; import java.security.*; import java.security.cert.*; import java.util.*;
import javax.xml.crypto.*; import javax.xml.crypto.dsig.*; import javax.xml.crypto.dsig.dom.*; import javax.xml.crypto.dsig.keyinfo.*;

public class XmlPeer {
  static void ids(Element e) {
    NamedNodeMap m = e.getAttributes();   // also wsu:Id and the like
    for (int i = 0; i < m.getLength(); i++) { Attr at = (Attr) m.item(i); String l = at.getLocalName(); if (l != null && l.equalsIgnoreCase("id")) e.setIdAttributeNode(at, true); }
    for (Node c = e.getFirstChild(); c != null; c = c.getNextSibling()) if (c instanceof Element) ids((Element) c);
  }
  public static void main(String[] a) throws Exception {
    String eng = a[0]; PublicKey key = null; int i = 1;
    // BouncyCastle, when on the class path, supplies SHA256withRSAandMGF1 (RSA-PSS) and brainpool to Santuario
    try { Security.addProvider((Provider) Class.forName("org.bouncycastle.jce.provider.BouncyCastleProvider").getDeclaredConstructor().newInstance()); } catch (ClassNotFoundException e) {}
    boolean secure = true; if (a[i].equals("-files")) { secure = false; i++; }   // detached references to files beside the signature
    if (a[i].equals("-cert")) { try (InputStream in = new FileInputStream(a[i + 1])) { key = ((X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in)).getPublicKey(); } i += 2; }
    if (eng.equals("santuario")) org.apache.xml.security.Init.init();
    DocumentBuilderFactory f = DocumentBuilderFactory.newInstance(); f.setNamespaceAware(true);
    boolean all = true;
    for (; i < a.length; i++) {
      String res;
      try {
        long t0 = System.nanoTime();
        Document d = f.newDocumentBuilder().parse(new File(a[i])); ids(d.getDocumentElement());
        NodeList nl = d.getElementsByTagNameNS("http://www.w3.org/2000/09/xmldsig#", "Signature");
        if (nl.getLength() == 0) throw new Exception("no Signature");
        StringBuilder sb = new StringBuilder(); boolean ok = true;
        for (int k = 0; k < nl.getLength(); k++) {
          Element se = (Element) nl.item(k); boolean r;
          if (eng.equals("santuario")) {
            org.apache.xml.security.signature.XMLSignature s = new org.apache.xml.security.signature.XMLSignature(se, new File(a[i]).toURI().toString(), secure);
            PublicKey pk = key; if (pk == null) { X509Certificate c = s.getKeyInfo().getX509Certificate(); pk = c != null ? c.getPublicKey() : s.getKeyInfo().getPublicKey(); }
            r = s.checkSignatureValue(pk); sb.append(" refs=" + s.getSignedInfo().getLength());
            for (int q = 0; q < s.getSignedInfo().getLength(); q++) sb.append(s.getSignedInfo().getVerificationResult(q) ? "+" : "-");
          } else {
            PublicKey pk = key;
            if (pk == null) { NodeList cl = se.getElementsByTagNameNS("http://www.w3.org/2000/09/xmldsig#", "X509Certificate");
              if (cl.getLength() > 0) pk = ((X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(Base64.getMimeDecoder().decode(cl.item(0).getTextContent())))).getPublicKey(); }
            DOMValidateContext vc = pk != null ? new DOMValidateContext(pk, se) : new DOMValidateContext(new KeySelector() {
              public KeySelectorResult select(KeyInfo ki, Purpose p, AlgorithmMethod m, XMLCryptoContext c) throws KeySelectorException {
                for (Object o : ki.getContent()) if (o instanceof KeyValue) try { PublicKey x = ((KeyValue) o).getPublicKey(); return () -> x; } catch (KeyException e) { throw new KeySelectorException(e); }
                throw new KeySelectorException("no key"); } }, se);
            vc.setProperty("org.jcp.xml.dsig.secureValidation", Boolean.TRUE);
            javax.xml.crypto.dsig.XMLSignature s = XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(vc);
            r = s.validate(vc);
            sb.append(" sv=" + s.getSignatureValue().validate(vc)); for (Object o : s.getSignedInfo().getReferences()) sb.append(((Reference) o).validate(vc) ? "+" : "-");
          }
          ok &= r;
        }
        res = (ok ? "VALID" : "INVALID") + sb + " " + (System.nanoTime() - t0) / 1000000 + "ms"; all &= ok;
      } catch (Throwable e) { res = "ERROR " + e.getClass().getSimpleName() + " " + String.valueOf(e.getMessage()).split("\n")[0]; all = false; }
      System.out.println(a[i] + "\t" + res);
    }
    System.exit(all ? 0 : 1);
  }
}
