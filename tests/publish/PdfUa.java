import java.nio.file.Path;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;

/** Asks veraPDF whether files are PDF/UA-1: a line for each file with the number of rules and checks, then its faults. */
class PdfUa {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        var foundry = Foundries.defaultInstance();
        for (String file : files) {
            try (var validator = foundry.createValidator(PDFAFlavour.PDFUA_1, false);
                 var parser = foundry.createParser(Path.of(file).toFile(), PDFAFlavour.PDFUA_1)) {
                var result = validator.validate(parser);
                int rules = result.getValidationProfile().getRules().size();
                System.out.println("file\t" + file + "\t" + rules + "\t" + result.getTotalAssertions());
                for (TestAssertion assertion : result.getTestAssertions()) {
                    if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                        var rule = assertion.getRuleId();
                        System.out.println("fault\t" + rule.getClause() + "-" + rule.getTestNumber() + "\t" + assertion.getMessage());
                    }
                }
            }
        }
    }
}
