// Signs a PDF with PDFBox 2 and BouncyCastle, as other people's software does (adbe.pkcs7.detached, SHA-256).
// java -cp ... PdfSign.java KEY.p12 PASSWORD IN.pdf OUT.pdf
import java.io.*;
import java.nio.file.*;
import java.security.*;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.*;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.*;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.*;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.*;

public class PdfSign {
  public static void main(String[] a) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = new FileInputStream(a[0])) { store.load(in, a[1].toCharArray()); }
    String alias = store.aliases().nextElement();
    PrivateKey key = (PrivateKey) store.getKey(alias, a[1].toCharArray());
    Certificate[] chain = store.getCertificateChain(alias);
    try (PDDocument doc = PDDocument.load(Files.readAllBytes(Paths.get(a[2]))); OutputStream out = new FileOutputStream(a[3])) {
      PDSignature signature = new PDSignature();
      signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
      signature.setSubFilter(PDSignature.SUBFILTER_ADBE_PKCS7_DETACHED);
      signature.setSignDate(Calendar.getInstance());
      doc.addSignature(signature, content -> {
        try {
          CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
          generator.addSignerInfoGenerator(new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
              .build(new JcaContentSignerBuilder("SHA256withRSA").build(key), (X509Certificate) chain[0]));
          generator.addCertificates(new JcaCertStore(Arrays.asList(chain)));
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          content.transferTo(bytes);
          return generator.generate(new CMSProcessableByteArray(bytes.toByteArray()), false).getEncoded();
        } catch (GeneralSecurityException | org.bouncycastle.operator.OperatorException | CMSException e) { throw new IOException(e); }
      });
      doc.saveIncremental(out);
    }
  }
}
