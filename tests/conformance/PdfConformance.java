import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.LogManager;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Validates PDF files with veraPDF's core, without network.
 *
 * <p>Arguments: flavours separated by commas (3a,ua1), then files. For each file and flavour one line "VERDICT flavour file"
 * (tab-separated, PASS or FAIL), followed by one line "RULE clause-test message" for each rule that is broken.
 */
public class PdfConformance {
  public static void main(String[] arguments) throws Exception {
    LogManager.getLogManager().reset();
    VeraGreenfieldFoundryProvider.initialise();
    for (int index = 1; index < arguments.length; index++) {
      byte[] content = Files.readAllBytes(Path.of(arguments[index]));
      for (String flavour : arguments[0].split(",")) {
        report(arguments[index], flavour, brokenRules(content, PDFAFlavour.fromString(flavour)));
      }
    }
  }

  private static Map<String, String> brokenRules(byte[] content, PDFAFlavour flavour) throws Exception {
    try (InputStream input = new ByteArrayInputStream(content);
        PDFAParser parser = Foundries.defaultInstance().createParser(input, flavour);
        PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
      ValidationResult result = validator.validate(parser);
      Map<String, String> broken = new LinkedHashMap<>();
      for (TestAssertion assertion : result.getTestAssertions()) {
        if (assertion.getStatus() == TestAssertion.Status.FAILED) {
          String rule = assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber();
          broken.putIfAbsent(rule, assertion.getMessage() + " @ " + assertion.getLocation().getContext());
        }
      }
      if (!result.isCompliant() && broken.isEmpty()) {
        broken.put("?", "not compliant, no rule named");
      }
      return broken;
    }
  }

  private static void report(String file, String flavour, Map<String, String> broken) {
    List<String> lines = new ArrayList<>();
    lines.add((broken.isEmpty() ? "PASS" : "FAIL") + "\t" + flavour + "\t" + file);
    broken.forEach((rule, message) -> lines.add("RULE\t" + rule + "\t" + message.replaceAll("\\s+", " ")));
    lines.forEach(System.out::println);
  }
}
