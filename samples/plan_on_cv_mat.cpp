// SPDX-License-Identifier: Apache-2.0
// Plans a needle on a picture that the application holds as a cv::Mat.
#include <guide/interop/opencv.hpp>
#include <guide/plan/plan.hpp>
#include <guide/segment/segment.hpp>

#include <opencv2/imgcodecs.hpp>

#include <exception>
#include <iostream>

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: plan_on_cv_mat PICTURE\n";
        return 2;
    }
    try {
        const cv::Mat picture = cv::imread(argv[1], cv::IMREAD_GRAYSCALE);
        const guide::Spacing spacing{0.1, 0.1};  // mm, what the sample frame was made with
        const guide::Frame frame =
            guide::interop::frame_from(picture, spacing, guide::Modality::ultrasound);

        const guide::Anatomy anatomy =
            guide::segment::find_anatomy(frame, {guide::View::suprapatellar_long});
        if (!anatomy.joint_space) {
            std::cout << "no joint space: " << anatomy.joint_space.error().text << '\n';
            return 3;
        }
        const guide::plan::Plan plan = guide::plan::plan_trajectories(anatomy);
        if (plan.candidates.empty()) {
            std::cout << "no plan: " << plan.reason->text << '\n';
            return 3;
        }
        const guide::plan::Candidate& best = plan.candidates.front();
        std::cout << plan.approach << ", " << plan.needle.gauge << "G: in at (" << best.entry.x
                  << ", " << best.entry.y << ") px, " << best.angle_deg << " degrees, "
                  << best.path_mm.value() << " mm\n";
        return 0;
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
